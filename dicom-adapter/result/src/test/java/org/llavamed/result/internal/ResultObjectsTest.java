package org.llavamed.result.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.annotation.Annotation;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.Code;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.annotation.ResultWriter.ResultFile;
import org.llavamed.dicom.BitmapFont;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.DicomObject;

/** What holds for the objects of an annotation, read back from their files. */
final class ResultObjectsTest {
  @TempDir Path folder;
  private final Map<Format, DataSet> objects = new TreeMap<>();

  @BeforeEach
  void writeAndReadBack() {
    DicomResultWriter writer = Sources.writer();
    for (ResultFile file :
        writer.write(annotation(), EnumSet.allOf(Format.class), folder).files()) {
      if (file.format() != Format.JSON) {
        objects.putIfAbsent(file.format(), new Part10Reader().read(file.file()).attributes());
      }
    }
  }

  /** Two frames of a multi-frame object, and a picture of another series. */
  private static Annotation annotation() {
    DicomObject enhanced =
        Sources.object(
            "enhanced.dcm",
            Sources.header()
                .putString(Tag.SOPClassUID, Vr.UI, Uids.EnhancedMRImageStorage)
                .putInts(Tag.NumberOfFrames, Vr.IS, 9));
    DicomObject other =
        Sources.object(
            "other.dcm",
            Sources.header()
                .putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3.4.6.1")
                .putString(Tag.SeriesInstanceUID, Vr.UI, "1.2.3.4.6"));
    return Sources.annotation(
        new Reading(enhanced, 2, 9, Sources.picture(64, 48, 1, 200), Sources.findings("Brain")),
        new Reading(enhanced, 6, 9, Sources.picture(64, 48, 1, 100), Sources.findings("Brain")),
        new Reading(other, 0, 1, Sources.picture(64, 48, 3, 10), Sources.findings("Liver")));
  }

  @Test
  void everyObjectIsMarkedAsResearchAndAsOurs() {
    assertThat(objects.keySet())
        .containsExactlyElementsOf(EnumSet.complementOf(EnumSet.of(Format.JSON)));
    assertThat(objects.values())
        .allSatisfy(
            object -> {
              assertThat(object.string(Tag.ContentQualification)).contains("RESEARCH");
              assertThat(object.string(Tag.SeriesDescription).orElseThrow())
                  .startsWith("AI research - not for clinical use: ");
              assertThat(ResearchMark.isOurs(object)).isTrue();
              assertThat(object.string(Tag.ManufacturerModelName)).contains("tiny-vqa");
              assertThat(object.strings(Tag.SoftwareVersions)).containsExactly("0.1.0", "1.0");
              assertThat(object.string(Tag.DeviceUID))
                  .contains(Hashes.uid("device", Sources.MODEL.identity()));
              assertThat(object.string(Tag.InstanceCreatorUID)).isPresent();
              assertThat(object.string(Tag.InstanceCreationDate)).contains("20040826");
              DataSet equipment = object.items(Tag.ContributingEquipmentSequence).get(0);
              assertThat(
                      equipment
                          .items(Tag.PurposeOfReferenceCodeSequence)
                          .get(0)
                          .string(Tag.CodeValue))
                  .contains("109102");
            });
  }

  @Test
  void documentsAreCompletePreliminaryAndUnverified() {
    for (Format format : List.of(Format.SR, Format.REPORT)) {
      DataSet document = object(format);
      assertThat(document.string(Tag.CompletionFlag)).contains("COMPLETE");
      assertThat(document.string(Tag.PreliminaryFlag)).contains("PRELIMINARY");
      assertThat(document.string(Tag.VerificationFlag)).contains("UNVERIFIED");
    }
    assertThat(object(Format.SC).contains(Tag.CompletionFlag)).isFalse();
  }

  @Test
  void patientStudyAndInstitutionComeFromTheSourceInUtf8() {
    assertThat(objects.values())
        .allSatisfy(
            object -> {
              assertThat(object.string(Tag.SpecificCharacterSet)).contains("ISO_IR 192");
              assertThat(object.string(Tag.PatientName)).contains("Größe^Jürgen");
              assertThat(object.string(Tag.InstitutionName)).contains("Krankenhaus Süd");
              assertThat(object.string(Tag.AccessionNumber)).contains("A-17");
              assertThat(object.string(Tag.StudyInstanceUID)).contains("1.2.3.4");
            });
  }

  @Test
  void everyUidHasAtMost64CharactersAndAKnownRoot() {
    objects.values().forEach(ResultObjectsTest::checkUids);
  }

  private static void checkUids(DataSet object) {
    for (int tag : object.tags()) {
      object.items(tag).forEach(ResultObjectsTest::checkUids);
      if (object.vr(tag).filter("UI"::equals).isPresent()) {
        assertThat(object.strings(tag))
            .allSatisfy(uid -> assertThat(UidForm.problem(uid)).isEmpty());
      }
    }
  }

  @Test
  void seriesAndInstancesAreNew() {
    assertThat(objects.values())
        .allSatisfy(
            object -> {
              assertThat(object.string(Tag.SeriesInstanceUID).orElseThrow()).startsWith("2.25.");
              assertThat(object.string(Tag.SOPInstanceUID).orElseThrow()).startsWith("2.25.");
            });
    assertThat(objects.values().stream().map(o -> o.string(Tag.SeriesInstanceUID)).distinct())
        .hasSize(7);
    assertThat(objects.values().stream().map(o -> o.integer(Tag.SeriesNumber).orElse(0)))
        .containsExactly(9901, 9902, 9903, 9904, 9905, 9906, 9907);
  }

  @Test
  void evidenceNamesExactlyThePicturesReferenced() {
    for (Format format : List.of(Format.SR, Format.REPORT, Format.KO)) {
      Set<String> referenced = new TreeSet<>();
      for (DataSet item : tree(object(format))) {
        item.items(Tag.ReferencedSOPSequence)
            .forEach(sop -> referenced.add(sop.string(Tag.ReferencedSOPInstanceUID).orElseThrow()));
      }
      List<String> evidence = new ArrayList<>();
      for (DataSet study : object(format).items(Tag.CurrentRequestedProcedureEvidenceSequence)) {
        assertThat(study.string(Tag.StudyInstanceUID)).contains("1.2.3.4");
        for (DataSet series : study.items(Tag.ReferencedSeriesSequence)) {
          series
              .items(Tag.ReferencedSOPSequence)
              .forEach(sop -> evidence.add(sop.string(Tag.ReferencedSOPInstanceUID).orElseThrow()));
        }
      }
      assertThat(evidence).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(referenced);
      assertThat(referenced).containsExactly("1.2.3.4.5.1", "1.2.3.4.6.1");
    }
  }

  @Test
  void framesAreNumberedFromOneAndOnlyWhereThereAreSeveral() {
    List<DataSet> sources =
        tree(object(Format.SR)).stream()
            .filter(item -> named(item, Concepts.SOURCE))
            .map(item -> item.items(Tag.ReferencedSOPSequence).get(0))
            .toList();

    assertThat(sources).hasSize(6);
    assertThat(sources.get(0).string(Tag.ReferencedFrameNumber)).contains("3");
    assertThat(sources.get(2).string(Tag.ReferencedFrameNumber)).contains("7");
    assertThat(sources.get(4).contains(Tag.ReferencedFrameNumber)).isFalse();
  }

  @Test
  void eachQuestionAboutEachPictureHasAMeasurementGroup() {
    List<DataSet> groups =
        tree(object(Format.SR)).stream()
            .filter(item -> named(item, Concepts.MEASUREMENT_GROUP))
            .toList();

    assertThat(groups).hasSize(6);
    Set<String> trackingUids = new TreeSet<>();
    for (DataSet group : groups) {
      List<DataSet> items = group.items(Tag.ContentSequence);
      assertThat(items.stream().filter(item -> named(item, Concepts.TRACKING_IDENTIFIER)))
          .hasSize(1);
      items.stream()
          .filter(item -> named(item, Concepts.TRACKING_UID))
          .forEach(item -> trackingUids.add(item.string(Tag.UID).orElseThrow()));
      for (Code part : List.of(Concepts.ALGORITHM_NAME, Concepts.ALGORITHM_VERSION)) {
        assertThat(items.stream().filter(item -> named(item, part)))
            .hasSize(1)
            .allMatch(item -> related(item, "HAS CONCEPT MOD"));
      }
      DataSet firstContained =
          items.stream().filter(item -> related(item, "CONTAINS")).findFirst().orElseThrow();
      assertThat(firstContained.string(Tag.TextValue)).contains(ResearchMark.NOTICE);
    }
    assertThat(trackingUids).hasSize(6);
  }

  @Test
  void aFindingKeepsItsTrackingUidWhateverElseIsRead() {
    Reading reading = Sources.reading(Sources.object("a.dcm", Sources.header()));
    Reading before =
        Sources.reading(
            Sources.object(
                "b.dcm", Sources.header().putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3.4.5.0")));

    assertThat(tracking(Sources.annotation(before, reading), reading))
        .isEqualTo(tracking(Sources.annotation(reading), reading));
    Reading nameless =
        Sources.reading(Sources.object("c.dcm", Sources.header().remove(Tag.SOPInstanceUID)));
    Reading other =
        Sources.reading(Sources.object("d.dcm", Sources.header().remove(Tag.SOPInstanceUID)));
    Annotation both = Sources.annotation(nameless, other);
    assertThat(tracking(both, nameless)).isNotEqualTo(tracking(both, other));
  }

  private static String tracking(Annotation annotation, Reading reading) {
    return new Provenance(annotation, "0.1.0").trackingUid(reading, reading.findings().get(0));
  }

  @Test
  void algorithmParametersSayHowTheAnswerCameToBe() {
    DataSet group =
        tree(object(Format.SR)).stream()
            .filter(item -> named(item, Concepts.MEASUREMENT_GROUP))
            .findFirst()
            .orElseThrow();

    assertThat(
            group.items(Tag.ContentSequence).stream()
                .filter(item -> named(item, Concepts.ALGORITHM_PARAMETERS))
                .map(item -> item.string(Tag.TextValue).orElseThrow()))
        .contains(
            "model sha256: " + Sources.MODEL.identity(),
            "quantisation: fp32",
            "template: mistral_instruct",
            "decoding: greedy",
            "seed: none, nothing is drawn",
            "preparation: clip-pad-224-bicubic",
            "selection: evenly spread: 3 of 20")
        .anyMatch(text -> text.startsWith("rendering: FILE_WINDOW 40"))
        .anyMatch(text -> text.startsWith("prompt sha256: "));
  }

  @Test
  void aClosedQuestionIsAnsweredByACodeToo() {
    List<DataSet> codes =
        tree(object(Format.SR)).stream()
            .filter(item -> item.string(Tag.ValueType).filter("CODE"::equals).isPresent())
            .filter(item -> named(item, Sources.closedQuestion().code().orElseThrow()))
            .toList();

    assertThat(codes).hasSize(3);
    assertThat(codes.get(0).items(Tag.ConceptCodeSequence).get(0).string(Tag.CodeValue))
        .contains(Sources.NO.value());
  }

  @Test
  void aQuestionWithoutCodeGetsOneOfTheDeclaredPrivateScheme() {
    String question = Sources.openQuestion().text();
    DataSet answer =
        tree(object(Format.SR)).stream()
            .filter(item -> item.string(Tag.TextValue).filter("Brain"::equals).isPresent())
            .findFirst()
            .orElseThrow();
    DataSet concept = answer.items(Tag.ConceptNameCodeSequence).get(0);

    assertThat(concept.string(Tag.CodingSchemeDesignator)).contains(Concepts.SCHEME);
    assertThat(concept.string(Tag.CodeMeaning).orElseThrow())
        .hasSizeLessThanOrEqualTo(64)
        .startsWith("Which organ or organ system");
    assertThat(tree(object(Format.SR)))
        .anyMatch(item -> item.string(Tag.TextValue).filter(question::equals).isPresent());
    assertThat(
            object(Format.SR).items(Tag.CodingSchemeIdentificationSequence).stream()
                .map(item -> item.string(Tag.CodingSchemeDesignator).orElseThrow()))
        .containsExactly(Concepts.SCHEME);
  }

  @Test
  void theReadersReportKeepsToWhatViewersShow() {
    DataSet report = object(Format.REPORT);
    assertThat(report.items(Tag.ConceptNameCodeSequence).get(0).string(Tag.CodeValue))
        .contains("18748-4");
    assertThat(report.contains(Tag.ContentTemplateSequence)).isFalse();
    assertThat(report.items(Tag.ContentSequence).get(0).string(Tag.TextValue))
        .contains(ResearchMark.NOTICE);
    for (DataSet item : tree(report)) {
      if (related(item, "CONTAINS")) {
        assertThat(item.items(Tag.ConceptNameCodeSequence)).hasSize(1);
        assertThat(item.string(Tag.ValueType).orElseThrow()).isNotEqualTo("IMAGE");
      }
      if (item.string(Tag.ValueType).filter("CONTAINER"::equals).isPresent()) {
        assertThat(item.string(Tag.ContinuityOfContent)).contains("SEPARATE");
      }
      if (item.string(Tag.ValueType).filter("IMAGE"::equals).isPresent()) {
        assertThat(related(item, "INFERRED FROM")).isTrue();
      }
    }
  }

  @Test
  void theReportTellsTheHeaderTheQuestionTheAnswerAndItsProbability() {
    List<String> texts =
        tree(object(Format.REPORT)).stream()
            .map(item -> item.string(Tag.TextValue))
            .flatMap(Optional::stream)
            .toList();

    assertThat(texts)
        .contains(
            "Modality MR, body part BRAIN, series 3 (T2 axial), image 12, frame 3 of 9",
            "Is there an abnormality?",
            "Brain");
    assertThat(
            tree(object(Format.REPORT)).stream()
                .flatMap(item -> item.items(Tag.MeasuredValueSequence).stream())
                .map(value -> value.string(Tag.NumericValue).orElseThrow()))
        .contains("93.1", "75.0");
  }

  @Test
  void aSecondaryCaptureSaysWhatItIsAndWhatItComesFrom() {
    DataSet capture = object(Format.SC);

    assertThat(capture.string(Tag.BurnedInAnnotation)).contains("YES");
    assertThat(capture.string(Tag.ConversionType)).contains("WSD");
    assertThat(capture.strings(Tag.ImageType)).containsExactly("DERIVED", "SECONDARY");
    DataSet source = capture.items(Tag.SourceImageSequence).get(0);
    assertThat(source.string(Tag.ReferencedSOPInstanceUID)).contains("1.2.3.4.5.1");
    assertThat(source.string(Tag.ReferencedFrameNumber)).contains("3");
    assertThat(source.items(Tag.PurposeOfReferenceCodeSequence).get(0).string(Tag.CodeValue))
        .contains("121322");
    assertThat(capture.contains(Tag.LossyImageCompression)).isFalse();
  }

  @Test
  void lossyCompressionOfTheSourceStaysMarked() {
    DataSet stated = Sources.header().putString(Tag.LossyImageCompression, Vr.CS, "01");
    DataSet denied = Sources.header().putString(Tag.LossyImageCompression, Vr.CS, "00");

    assertThat(lossy(Uids.ExplicitVRLittleEndian, stated)).contains("01");
    assertThat(lossy(Uids.JPEGBaseline8Bit, Sources.header())).contains("01");
    assertThat(lossy(Uids.JPEGBaseline8Bit, denied)).contains("01");
    assertThat(lossy(Uids.HEVCMP51, Sources.header())).contains("01");
    assertThat(lossy(Uids.MPEG2MPMLF, denied)).contains("01");
    assertThat(lossy(Uids.JPEG2000, Sources.header())).contains("01");
    assertThat(lossy(Uids.JPEG2000, denied)).isEmpty();
    assertThat(lossy(Uids.JPEG2000Lossless, Sources.header())).isEmpty();
  }

  private static Optional<String> lossy(String transferSyntaxUid, DataSet header) {
    Annotation annotation =
        Sources.annotation(
            Sources.reading(new Sources.MemoryObject(Path.of("a.dcm"), transferSyntaxUid, header)));
    Provenance provenance = new Provenance(annotation, "0.1.0");
    return new SecondaryCapture(new SourceHeader(annotation), provenance, BitmapFont.load())
        .of(annotation.readings().get(0))
        .string(Tag.LossyImageCompression);
  }

  private DataSet object(Format format) {
    return Objects.requireNonNull(objects.get(format));
  }

  /** Returns all items of a content tree, the root's children first. */
  private static List<DataSet> tree(DataSet parent) {
    List<DataSet> items = new ArrayList<>();
    for (DataSet child : parent.items(Tag.ContentSequence)) {
      items.add(child);
      items.addAll(tree(child));
    }
    return items;
  }

  private static boolean named(DataSet item, Code code) {
    return item.items(Tag.ConceptNameCodeSequence).stream()
        .anyMatch(name -> name.string(Tag.CodeValue).filter(code.value()::equals).isPresent());
  }

  private static boolean related(DataSet item, String relationship) {
    return item.string(Tag.RelationshipType).filter(relationship::equals).isPresent();
  }
}
