package org.llavamed.result.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Writer;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;

/** What all our objects have in common: patient, study, series, equipment, and the marks. */
final class ResultObject {
  private record Series(String modality, int number, String description) {
    static Series of(Format format) {
      return switch (format) {
        case SR -> new Series("SR", 9901, "coded, for programs");
        case REPORT -> new Series("SR", 9902, "answers");
        case SC -> new Series("OT", 9903, "pictures");
        case PDF -> new Series("DOC", 9904, "document");
        case GSPS -> new Series("PR", 9905, "text on pictures");
        case KO -> new Series("KO", 9906, "pictures read");
        case MFSC -> new Series("OT", 9907, "pictures together");
        case JSON -> throw new IllegalArgumentException("JSON is no DICOM object");
      };
    }
  }

  private final SourceHeader source;
  private final Provenance provenance;

  ResultObject(SourceHeader source, Provenance provenance) {
    this.source = source;
    this.provenance = provenance;
  }

  /** Returns an object with the modules that all have. */
  DataSet of(Format format) {
    DataSet object = new DataSet();
    source.putInto(object);
    putSeries(object, format);
    provenance.putEquipment(object);
    object
        .putString(Tag.SpecificCharacterSet, Vr.CS, "ISO_IR 192")
        .putString(Tag.InstanceCreatorUID, Vr.UI, Part10Writer.IMPLEMENTATION_CLASS_UID)
        .putString(Tag.ContentQualification, Vr.CS, ResearchMark.CONTENT_QUALIFICATION)
        .putItems(Tag.ContributingEquipmentSequence, contribution());
    source
        .date()
        .ifPresent(
            date ->
                object
                    .putString(Tag.InstanceCreationDate, Vr.DA, date)
                    .putString(Tag.InstanceCreationTime, Vr.TM, source.time()));
    return object;
  }

  /** Puts the date of the content, where the source has one. */
  void putContentDate(DataSet object) {
    source
        .date()
        .ifPresent(
            date ->
                object
                    .putString(Tag.ContentDate, Vr.DA, date)
                    .putString(Tag.ContentTime, Vr.TM, source.time()));
  }

  private void putSeries(DataSet object, Format format) {
    Series series = Series.of(format);
    object
        .putString(Tag.Modality, Vr.CS, series.modality())
        .putString(Tag.SeriesInstanceUID, Vr.UI, seriesUid(format))
        .putInts(Tag.SeriesNumber, Vr.IS, series.number())
        .putString(
            Tag.SeriesDescription, Vr.LO, ResearchMark.SERIES_DESCRIPTION + series.description());
    source
        .date()
        .ifPresent(
            date ->
                object
                    .putString(Tag.SeriesDate, Vr.DA, date)
                    .putString(Tag.SeriesTime, Vr.TM, source.time()));
  }

  /**
   * A series holds what is said of one study of one patient under one protocol, in one format: by
   * whichever model, so that the revisions of a result stand beside it.
   */
  private String seriesUid(Format format) {
    return Hashes.uid(
        "series", format.name(), source.studyKey(), provenance.annotation().protocol().sha256());
  }

  private DataSet contribution() {
    DataSet item =
        new DataSet()
            .putItems(
                Tag.PurposeOfReferenceCodeSequence, ContentItem.code(Concepts.PROCESSING_EQUIPMENT))
            .putString(
                Tag.ContributionDescription,
                Vr.ST,
                "Answers of a vision-language model. " + ResearchMark.NOTICE);
    provenance.putEquipment(item);
    return item;
  }

  /**
   * Gives an object its place in the series and its SOP Instance UID, derived from the pictures
   * read, the model, the protocol, the format, the whole content and the place, and writes it.
   *
   * @return what was written; empty where our own check refuses the object, of which a warning
   *     tells
   */
  Optional<ResultFiles.Entry> write(Draft draft, ResultFiles files, Revisions revisions) {
    DataSet object = draft.object();
    object.putString(Tag.SOPInstanceUID, Vr.UI, Hashes.uid("not named yet"));
    String content = hash(object);
    Place place = revisions.place(draft, at -> uid(draft.format(), content, at));
    place.putInto(object);
    String uid = uid(draft.format(), content, place);
    object.putString(Tag.SOPInstanceUID, Vr.UI, uid);
    Optional<String> refused = Conformity.problem(object, source.studyInstanceUid());
    if (refused.isPresent()) {
      source.warn(refused.get());
      return Optional.empty();
    }
    ResultFiles.Whole file = files.write(draft.kind(place), out -> encode(object, out));
    String sopClass = object.string(Tag.SOPClassUID).orElseThrow();
    return Optional.of(
        new ResultFiles.Entry(draft.format(), file.path(), sopClass, uid, file.sha256()));
  }

  private String uid(Format format, String content, Place place) {
    List<String> parts = new ArrayList<>(provenance.uidParts());
    parts.add(format.name());
    parts.add(content);
    parts.add(Integer.toString(place.number()));
    place.predecessors().forEach(document -> parts.add(Words.line(document.sopInstanceUid())));
    return Hashes.uid(parts.toArray(String[]::new));
  }

  private static String hash(DataSet object) {
    try {
      return Hashes.sha256(out -> encode(object, out), OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException("Nowhere takes every byte", e);
    }
  }

  private static void encode(DataSet object, OutputStream out) throws IOException {
    String syntax = object.string(Tag.TransferSyntaxUID).orElse(Uids.ExplicitVRLittleEndian);
    Part10Writer.write(object, syntax, out);
  }
}
