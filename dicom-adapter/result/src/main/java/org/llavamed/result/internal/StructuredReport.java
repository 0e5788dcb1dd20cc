package org.llavamed.result.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.llavamed.annotation.Annotation.Finding;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.Code;
import org.llavamed.annotation.Protocol.ProtocolQuestion;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;

/** The object around a content tree: SR Document Series, General and Content (PS3.3 C.17). */
final class StructuredReport {
  private final SourceHeader source;
  private final Provenance provenance;
  private final ResultObject objects;

  StructuredReport(SourceHeader source, Provenance provenance) {
    this.source = source;
    this.provenance = provenance;
    this.objects = new ResultObject(source, provenance);
  }

  /** Returns the TID 1500 document, a Comprehensive 3D SR. */
  DataSet forPrograms() {
    DataSet object = document(Format.SR, Uids.Comprehensive3DSRStorage);
    object.putItems(
        Tag.ContentTemplateSequence,
        new DataSet()
            .putString(Tag.MappingResource, Vr.CS, "DCMR")
            .putString(Tag.TemplateIdentifier, Vr.CS, "1500"));
    ContentItem root = new MeasurementReport(provenance, source).root();
    putContent(object, root);
    return object;
  }

  /** Returns the document for readers, an Enhanced SR. */
  DataSet forReaders() {
    DataSet object = document(Format.REPORT, Uids.EnhancedSRStorage);
    putContent(object, new ReaderReport(provenance).root());
    return object;
  }

  /**
   * Returns the Key Object Selection of the pictures read (PS3.3 section A.35.4); empty where none
   * can be referred to, since it must name one.
   */
  Optional<DataSet> ofKeyObjects() {
    DataSet object = objects.of(Format.KO);
    putDocument(object, Uids.KeyObjectSelectionDocumentStorage);
    object.putItems(
        Tag.ContentTemplateSequence,
        new DataSet()
            .putString(Tag.MappingResource, Vr.CS, "DCMR")
            .putString(Tag.TemplateIdentifier, Vr.CS, "2010"));
    new KeyObjects(provenance).root().putInto(object);
    return object.contains(Tag.CurrentRequestedProcedureEvidenceSequence)
        ? Optional.of(object)
        : Optional.empty();
  }

  private DataSet document(Format format, String sopClassUid) {
    DataSet object = objects.of(format);
    putDocument(object, sopClassUid);
    return object
        .putString(Tag.CompletionFlag, Vr.CS, "COMPLETE")
        .putString(Tag.PreliminaryFlag, Vr.CS, "PRELIMINARY")
        .putString(Tag.VerificationFlag, Vr.CS, "UNVERIFIED")
        .putEmpty(Tag.PerformedProcedureCodeSequence, Vr.SQ);
  }

  private void putDocument(DataSet object, String sopClassUid) {
    object
        .putString(Tag.SOPClassUID, Vr.UI, sopClassUid)
        .putString(Tag.ContentDate, Vr.DA, source.date().orElse(SourceHeader.NO_DATE))
        .putString(Tag.ContentTime, Vr.TM, source.time())
        .putEmpty(Tag.ReferencedPerformedProcedureStepSequence, Vr.SQ);
    List<DataSet> evidence = evidence();
    if (!evidence.isEmpty()) {
      object.putItems(Tag.CurrentRequestedProcedureEvidenceSequence, studyOf(evidence));
    }
  }

  private DataSet studyOf(List<DataSet> series) {
    DataSet study = new DataSet().putItems(Tag.ReferencedSeriesSequence, series);
    source.putStudyUid(study);
    return study;
  }

  /** The series of the pictures that the tree refers to, each object once. */
  private List<DataSet> evidence() {
    Map<String, Map<String, DataSet>> series = new LinkedHashMap<>();
    for (Reading reading : provenance.annotation().readings()) {
      PictureReference.of(reading)
          .ifPresent(
              picture ->
                  series
                      .computeIfAbsent(picture.seriesInstanceUid(), uid -> new LinkedHashMap<>())
                      .putIfAbsent(picture.sopInstanceUid(), picture.instance()));
    }
    List<DataSet> items = new ArrayList<>();
    series.forEach(
        (uid, instances) ->
            items.add(
                new DataSet()
                    .putString(Tag.SeriesInstanceUID, Vr.UI, uid)
                    .putItems(Tag.ReferencedSOPSequence, List.copyOf(instances.values()))));
    return items;
  }

  private void putContent(DataSet object, ContentItem root) {
    root.putInto(object);
    object.putItems(
        Tag.CodingSchemeIdentificationSequence,
        privateSchemes().stream().map(StructuredReport::scheme).toList());
  }

  /** Designators of private schemes begin with 99 (PS3.3 section 8.2). */
  private Set<String> privateSchemes() {
    Set<String> schemes = new TreeSet<>(Set.of(Concepts.SCHEME));
    List<Code> codes = new ArrayList<>(source.procedures());
    for (Reading reading : provenance.annotation().readings()) {
      for (Finding finding : reading.findings()) {
        ProtocolQuestion question = finding.question();
        question.code().ifPresent(codes::add);
        finding.code().ifPresent(codes::add);
      }
    }
    codes.stream().map(Code::scheme).filter(name -> name.startsWith("99")).forEach(schemes::add);
    return schemes;
  }

  private static DataSet scheme(String designator) {
    DataSet item = new DataSet().putString(Tag.CodingSchemeDesignator, Vr.SH, designator);
    if (designator.equals(Concepts.SCHEME)) {
      item.putString(Tag.CodingSchemeUID, Vr.UI, Hashes.uid("scheme", Concepts.SCHEME))
          .putString(
              Tag.CodingSchemeName,
              Vr.ST,
              "Questions and report items of " + ResearchMark.MANUFACTURER)
          .putString(Tag.CodingSchemeResponsibleOrganization, Vr.ST, ResearchMark.MANUFACTURER);
    }
    return item;
  }
}
