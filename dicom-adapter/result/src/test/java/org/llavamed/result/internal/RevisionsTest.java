package org.llavamed.result.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavamed.annotation.Annotation;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.Protocol;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.annotation.ResultWriter.ResultFile;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Part10Writer;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.inference.ModelCard;

/** What becomes of results that stand beside earlier ones. */
final class RevisionsTest {
  private final DicomResultWriter writer = Sources.writer();
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JSON")
  void anotherModelsAnswersAreTheNextInstanceOfTheSameSeries(Format format) {
    DataSet first = write(Sources.annotation(), format);
    DataSet second = write(byAnotherModel(), format);

    assertThat(second.string(Tag.SeriesInstanceUID)).isEqualTo(first.string(Tag.SeriesInstanceUID));
    assertThat(second.string(Tag.SOPInstanceUID)).isNotEqualTo(first.string(Tag.SOPInstanceUID));
    assertThat(first.integer(Tag.InstanceNumber)).hasValue(1);
    assertThat(second.integer(Tag.InstanceNumber)).hasValue(2);
    assertThat(first.contains(Tag.PredecessorDocumentsSequence)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"SR", "REPORT", "PDF"})
  void aDocumentNamesTheDocumentThatItRevises(Format format) {
    DataSet first = write(Sources.annotation(), format);
    DataSet second = write(byAnotherModel(), format);

    assertThat(predecessors(second))
        .containsExactly(first.string(Tag.SOPInstanceUID).orElseThrow());
    DataSet study = second.items(Tag.PredecessorDocumentsSequence).get(0);
    DataSet series = study.items(Tag.ReferencedSeriesSequence).get(0);
    assertThat(study.string(Tag.StudyInstanceUID)).contains("1.2.3.4");
    assertThat(series.string(Tag.SeriesInstanceUID)).isEqualTo(first.string(Tag.SeriesInstanceUID));
    assertThat(series.items(Tag.ReferencedSOPSequence).get(0).string(Tag.ReferencedSOPClassUID))
        .isEqualTo(first.string(Tag.SOPClassUID));
  }

  @Test
  void latePicturesMakeARevisionOfTheNewestDocumentAlone() {
    write(Sources.annotation(), Format.REPORT);
    DataSet second = write(byAnotherModel(), Format.REPORT);
    DataSet third = write(withLatePicture(), Format.REPORT);

    assertThat(predecessors(third))
        .containsExactly(second.string(Tag.SOPInstanceUID).orElseThrow());
    assertThat(third.integer(Tag.InstanceNumber)).hasValue(3);
  }

  @ParameterizedTest
  @EnumSource(names = {"SC", "KO", "GSPS", "MFSC"})
  void objectsThatCannotNamePredecessorsHaveNone(Format format) {
    write(Sources.annotation(), format);

    assertThat(write(byAnotherModel(), format).contains(Tag.PredecessorDocumentsSequence))
        .isFalse();
  }

  @Test
  void aRepeatIsNoRevisionOfItselfOrOfWhatCameAfterIt() throws IOException {
    Set<Format> all = EnumSet.allOf(Format.class);
    writer.write(withLatePicture(), all, folder);
    writer.write(byAnotherModel(), all, folder);
    Map<String, String> before = contents();

    writer.write(withLatePicture(), all, folder);
    writer.write(byAnotherModel(), all, folder);

    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void earlierResultsElsewhereAreRevisedAndRepeatedToo() throws IOException {
    Path elsewhere = folder.resolve("elsewhere");
    Path old =
        writer.write(Sources.annotation(), Set.of(Format.SR), elsewhere).files().get(0).file();
    Path renamed = Files.move(old, elsewhere.resolve("IM0001"));
    DataSet first = new Part10Reader().read(renamed).attributes();

    Path revision =
        writer
            .write(byAnotherModel(), Set.of(Format.SR), folder, List.of(renamed))
            .files()
            .get(0)
            .file();
    assertThat(predecessors(new Part10Reader().read(revision).attributes()))
        .containsExactly(first.string(Tag.SOPInstanceUID).orElseThrow());
    Path again =
        writer
            .write(Sources.annotation(), Set.of(Format.SR), folder, List.of(renamed))
            .files()
            .get(0)
            .file();
    assertThat(again).hasSameBinaryContentAs(renamed);
  }

  @Test
  void anotherProtocolsAndStudysResultsAreNotRevised() {
    write(Sources.annotation(), Format.SR);
    Annotation annotation = Sources.annotation();
    Protocol asked = annotation.protocol();
    Protocol other =
        new Protocol("default", "2.0", "00".repeat(32), asked.frames(), asked.questions());
    DataSet ofProtocol =
        write(
            new Annotation("1.2.3.4", other, Sources.MODEL, "rule", annotation.readings()),
            Format.SR);
    DataSet ofStudy =
        write(
            Sources.annotation(
                Sources.reading(
                    Sources.object(
                        "b.dcm",
                        Sources.header().putString(Tag.StudyInstanceUID, Vr.UI, "1.2.3.5")))),
            Format.SR);

    for (DataSet object : List.of(ofProtocol, ofStudy)) {
      assertThat(object.contains(Tag.PredecessorDocumentsSequence)).isFalse();
      assertThat(object.integer(Tag.InstanceNumber)).hasValue(1);
    }
  }

  @Test
  void filesThatAreNoResultsOfOursAreLeftAlone() throws IOException {
    Path first =
        writer.write(Sources.annotation(), Set.of(Format.SR), folder).files().get(0).file();
    Path broken = folder.resolve(first.getFileName().toString().replace("_sr.dcm", "_x.dcm"));
    Files.writeString(broken, "no DICOM");

    DataSet second = write(byAnotherModel(), Format.SR);

    assertThat(second.integer(Tag.InstanceNumber)).hasValue(2);
    assertThat(broken).hasContent("no DICOM");
  }

  @Test
  void aRevisionOverwritesNoObjectEvenWhereTheAnswersAreTheSame() throws IOException {
    Set<Format> objects = EnumSet.complementOf(EnumSet.of(Format.JSON));
    writer.write(Sources.annotation(), objects, folder);
    Map<String, String> before = contents();
    DataSet corrected = Sources.header().putString(Tag.PatientName, Vr.PN, "Corrected^Name");
    writer.write(
        Sources.annotation(Sources.reading(Sources.object("brain.dcm", corrected))),
        objects,
        folder);

    assertThat(contents()).containsAllEntriesOf(before).hasSize(2 * before.size());
  }

  @ParameterizedTest
  @CsvSource({"1.02.x, 1", "1.2.3, 2147483647", "1.2.3, -1"})
  void earlierResultsWithAnIllegalUidOrNumberAreLeftAlone(String uid, int number)
      throws IOException {
    Path first =
        writer.write(Sources.annotation(), Set.of(Format.SR), folder).files().get(0).file();
    DataSet damaged = DataSet.copyOf(new Part10Reader().read(first).attributes());
    damaged
        .putBytes(Tag.SOPInstanceUID, Vr.UI, uid.getBytes(StandardCharsets.US_ASCII))
        .putInts(Tag.InstanceNumber, Vr.IS, number);
    Path earlier = folder.resolve("IM0001");
    try (var out = Files.newOutputStream(earlier)) {
      Part10Writer.write(damaged, Uids.ExplicitVRLittleEndian, out);
    }
    Path revision =
        writer
            .write(byAnotherModel(), Set.of(Format.SR), folder.resolve("new"), List.of(earlier))
            .files()
            .get(0)
            .file();

    DataSet object = new Part10Reader().read(revision).attributes();
    assertThat(object.integer(Tag.InstanceNumber)).hasValue(1);
    assertThat(object.contains(Tag.PredecessorDocumentsSequence)).isFalse();
  }

  @Test
  void twoCapturesThatSayTheSameKeepTwoPlacesWhenRepeated() throws IOException {
    DataSet nameless = Sources.header().remove(Tag.SOPInstanceUID);
    Annotation twice =
        Sources.annotation(
            Sources.reading(Sources.object("a.dcm", nameless)),
            Sources.reading(Sources.object("a.dcm", nameless)));
    writer.write(twice, Set.of(Format.SC), folder);
    Map<String, String> before = contents();

    writer.write(twice, Set.of(Format.SC), folder);

    assertThat(before).hasSize(2);
    assertThat(contents()).isEqualTo(before);
  }

  private DataSet write(Annotation annotation, Format format) {
    ResultFile file = writer.write(annotation, Set.of(format), folder).files().get(0);
    return new Part10Reader().read(file.file()).attributes();
  }

  private static Annotation byAnotherModel() {
    Annotation annotation = Sources.annotation();
    ModelCard model = annotation.model();
    ModelCard other =
        new ModelCard(
            model.name(),
            "2.0",
            "00".repeat(32),
            model.precision(),
            model.template(),
            model.preparation(),
            model.licence(),
            model.source());
    return new Annotation(
        annotation.studyInstanceUid(),
        annotation.protocol(),
        other,
        annotation.selectionRule(),
        annotation.readings());
  }

  private static Annotation withLatePicture() {
    Reading late =
        Sources.reading(
            Sources.object(
                "late.dcm", Sources.header().putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3.4.5.9")));
    return Sources.annotation(Sources.annotation().readings().get(0), late);
  }

  private static List<String> predecessors(DataSet object) {
    return object.items(Tag.PredecessorDocumentsSequence).stream()
        .flatMap(study -> study.items(Tag.ReferencedSeriesSequence).stream())
        .flatMap(series -> series.items(Tag.ReferencedSOPSequence).stream())
        .map(sop -> sop.string(Tag.ReferencedSOPInstanceUID).orElseThrow())
        .toList();
  }

  private Map<String, String> contents() throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), Hashes.sha256(Files.readAllBytes(file)));
      }
    }
    return contents;
  }
}
