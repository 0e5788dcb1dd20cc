package org.llavamed.result.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TimeZone;
import org.llavamed.annotation.Annotation;
import org.llavamed.annotation.Annotation.Finding;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;

/** A document for printing: Encapsulated PDF (PS3.3 section A.45.1), and the pages in it. */
final class EncapsulatedPdf {
  private static final String TITLE = "Answers of a vision-language model";

  /** Room for the heading of a picture and for what its header says. */
  private static final int LINES_ABOVE = 4;

  private final SourceHeader source;
  private final Provenance provenance;
  private final ResultObject objects;

  EncapsulatedPdf(SourceHeader source, Provenance provenance) {
    this.source = source;
    this.provenance = provenance;
    this.objects = new ResultObject(source, provenance);
  }

  /** Returns the object. */
  DataSet object() {
    byte[] document = document();
    DataSet object = objects.of(Format.PDF);
    object
        .putString(Tag.SOPClassUID, Vr.UI, Uids.EncapsulatedPDFStorage)
        .putString(Tag.ConversionType, Vr.CS, "WSD")
        .putEmpty(Tag.ContentDate, Vr.DA)
        .putEmpty(Tag.ContentTime, Vr.TM)
        .putEmpty(Tag.AcquisitionDateTime, Vr.DT)
        .putString(Tag.BurnedInAnnotation, Vr.CS, "YES")
        .putString(Tag.DocumentTitle, Vr.ST, ResearchMark.NOTICE + ": " + TITLE)
        .putItems(Tag.ConceptNameCodeSequence, ContentItem.code(Concepts.REPORT_TITLE))
        .putString(Tag.VerificationFlag, Vr.CS, "UNVERIFIED")
        .putString(Tag.MIMETypeOfEncapsulatedDocument, Vr.LO, "application/pdf")
        .putInts(Tag.EncapsulatedDocumentLength, Vr.UL, document.length)
        .putBytes(Tag.EncapsulatedDocument, Vr.OB, document);
    objects.putContentDate(object);
    List<DataSet> pictures =
        provenance.annotation().readings().stream()
            .map(PictureReference::of)
            .flatMap(Optional::stream)
            .map(PictureReference::instance)
            .distinct()
            .toList();
    if (!pictures.isEmpty()) {
      object.putItems(Tag.SourceInstanceSequence, pictures);
    }
    return object;
  }

  private byte[] document() {
    try (PdfSheets sheets = new PdfSheets()) {
      writeHead(sheets);
      List<Reading> readings = provenance.annotation().readings();
      for (int i = 0; i < readings.size(); i++) {
        sheets.space(PdfSheets.HEADING);
        sheets.keepTogether(readings.get(i).rendered().picture(), LINES_ABOVE);
        sheets.write("Picture %d of %d".formatted(i + 1, readings.size()), PdfSheets.HEADING);
        writeReading(readings.get(i), sheets);
      }
      writeProvenance(sheets);
      return sheets.bytes(TITLE, date(), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("A document in memory cannot be written", e);
    }
  }

  private void writeHead(PdfSheets sheets) throws IOException {
    sheets.write(TITLE, PdfSheets.HEADING);
    List<String> patient = new ArrayList<>();
    add(patient, "Patient ", Tag.PatientName);
    add(patient, "ID ", Tag.PatientID);
    add(patient, "born ", Tag.PatientBirthDate);
    List<String> study = new ArrayList<>();
    add(study, "Study of ", Tag.StudyDate);
    add(study, "", Tag.StudyDescription);
    add(study, "accession number ", Tag.AccessionNumber);
    sheets.write(String.join(", ", patient), PdfSheets.TEXT);
    sheets.write(String.join(", ", study), PdfSheets.TEXT);
  }

  private void add(List<String> words, String before, int tag) {
    source.value(tag).ifPresent(value -> words.add(before + value.replace('^', ' ').strip()));
  }

  private static void writeReading(Reading reading, PdfSheets sheets) throws IOException {
    sheets.write(Words.header(reading), PdfSheets.TEXT);
    sheets.space(PdfSheets.TEXT / 2);
    sheets.draw(reading.rendered().picture());
    for (Finding finding : reading.findings()) {
      sheets.space(PdfSheets.TEXT / 2);
      sheets.write("Question: " + finding.question().text(), PdfSheets.TEXT);
      sheets.write("Answer: " + Words.answer(finding.answer()), PdfSheets.TEXT);
      if (finding.code().isPresent()) {
        var code = finding.code().get();
        sheets.write(
            "Code: %s (%s, %s)".formatted(code.meaning(), code.value(), code.scheme()),
            PdfSheets.TEXT);
      }
      sheets.write(
          "Probability by the model itself, not calibrated: %s %%"
              .formatted(Words.percent(finding.answer().probability())),
          PdfSheets.TEXT);
    }
    sheets.space(PdfSheets.TEXT / 2);
    sheets.write("Rendering: " + reading.rendered().rendering().description(), PdfSheets.TEXT);
  }

  private void writeProvenance(PdfSheets sheets) throws IOException {
    Annotation annotation = provenance.annotation();
    sheets.space(PdfSheets.HEADING);
    sheets.write("How the answers came to be", PdfSheets.HEADING);
    for (String line :
        List.of(
            provenance.sentence(),
            "Model SHA-256: " + annotation.model().identity(),
            "Preparation: " + annotation.model().preparation(),
            "Selection of pictures: " + annotation.selectionRule(),
            "Protocol SHA-256: " + annotation.protocol().sha256(),
            "Study Instance UID: " + source.studyInstanceUid())) {
      sheets.write(line, PdfSheets.TEXT);
    }
  }

  /**
   * The source's date at midnight, in a zone of its own, so that the bytes are the same anywhere.
   */
  private Calendar date() {
    String date = source.date().orElse(SourceHeader.NO_DATE);
    Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone("UTC"), Locale.ROOT);
    calendar.clear();
    calendar.set(
        Integer.parseInt(date, 0, 4, 10),
        Integer.parseInt(date, 4, 6, 10) - 1,
        Integer.parseInt(date, 6, 8, 10));
    return calendar;
  }
}
