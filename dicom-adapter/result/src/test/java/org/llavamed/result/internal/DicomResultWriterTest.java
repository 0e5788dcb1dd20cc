package org.llavamed.result.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.annotation.Annotation;
import org.llavamed.annotation.Annotation.Finding;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.AnnotationException;
import org.llavamed.annotation.Code;
import org.llavamed.annotation.Protocol.ProtocolQuestion;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.annotation.ResultWriter.ResultFile;
import org.llavamed.annotation.ResultWriter.Written;
import org.llavamed.codec.internal.PixelFrameEncoder;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;

final class DicomResultWriterTest {
  private static final Set<Format> ALL = EnumSet.allOf(Format.class);

  private final DicomResultWriter writer = Sources.writer();
  @TempDir Path folder;

  @Test
  void writesEveryFormatInTheOrderOfFormat() {
    Written written = writer.write(twoPictures("Brain"), ALL, folder.resolve("new/folder"));

    assertThat(written.files())
        .extracting(ResultFile::format)
        .containsExactly(
            Format.JSON,
            Format.SR,
            Format.REPORT,
            Format.SC,
            Format.SC,
            Format.PDF,
            Format.GSPS,
            Format.GSPS,
            Format.KO,
            Format.MFSC,
            Format.MFSC);
    assertThat(written.files()).allSatisfy(file -> assertThat(file.file()).isNotEmptyFile());
    assertThat(written.warnings()).isEmpty();
  }

  @Test
  void writesOnlyTheFormatsAskedFor() throws IOException {
    Written written = writer.write(Sources.annotation(), Set.of(Format.REPORT), folder);

    assertThat(written.files()).extracting(ResultFile::format).containsExactly(Format.REPORT);
    assertThat(names(folder))
        .containsExactly(written.files().get(0).file().getFileName().toString());
  }

  @Test
  void writesTheConfiguredFormatsWhereNoneIsAskedFor() {
    ResultSettings settings =
        new ResultSettings(false, Set.of(Format.KO, Format.REPORT), CaptureSyntax.NATIVE);
    DicomResultWriter configured =
        new DicomResultWriter("0.1.0", settings, Clock.systemUTC(), new PixelFrameEncoder());

    assertThat(configured.write(Sources.annotation(), Set.of(), folder).files())
        .extracting(ResultFile::format)
        .containsExactly(Format.REPORT, Format.KO);
  }

  @Test
  void aRepeatWritesTheSameNamesUidsAndBytes() throws IOException {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    Written one = writer.write(twoPictures("Brain"), ALL, first);
    Written two = writer.write(twoPictures("Brain"), ALL, second);

    assertThat(uids(two)).isEqualTo(uids(one));
    assertThat(contents(second)).isEqualTo(contents(first));
    writer.write(twoPictures("Brain"), ALL, first);
    assertThat(contents(first)).isEqualTo(contents(second));
  }

  @Test
  void onRequestObjectsBearTheTimeOfTheClockAndNewUids() throws IOException {
    Instant noon = Instant.parse("2026-02-03T12:00:00Z");
    Annotation annotation = twoPictures("Brain");
    Written source = writer.write(annotation, ALL, folder.resolve("source"));
    Written one = at(noon).write(annotation, ALL, folder.resolve("one"));
    Written later = at(noon.plusSeconds(1)).write(annotation, ALL, folder.resolve("later"));

    assertThat(uids(one)).doesNotContainAnyElementsOf(uids(source));
    assertThat(uids(one)).doesNotContainAnyElementsOf(uids(later));
    for (ResultFile file : later.files()) {
      if (file.format() != Format.JSON) {
        var object = new Part10Reader().read(file.file()).attributes();
        boolean state = file.format() == Format.GSPS;
        assertThat(object.string(state ? Tag.PresentationCreationDate : Tag.ContentDate))
            .contains("20260203");
        assertThat(object.string(state ? Tag.PresentationCreationTime : Tag.ContentTime))
            .contains("120001");
        assertThat(object.string(Tag.InstanceCreationTime)).contains("120001");
        assertThat(object.string(Tag.SeriesDate)).isEqualTo(object.string(Tag.StudyDate));
      }
    }
  }

  @Test
  void theObjectsOfOneAnnotationBearOneTime() {
    Instant noon = Instant.parse("2026-02-03T12:00:00Z");
    Clock running = tick(noon).withZone(ZoneOffset.UTC);
    Written written =
        Sources.writer(running)
            .write(twoPictures("Brain"), EnumSet.of(Format.SR, Format.SC), folder);
    assertThat(written.files())
        .extracting(
            file -> new Part10Reader().read(file.file()).attributes().string(Tag.ContentTime))
        .containsOnly(Optional.of("120001"));
  }

  /** Each look at it is a second later. */
  private static InstantSource tick(Instant start) {
    var looks = new AtomicLong();
    return () -> start.plusSeconds(looks.incrementAndGet());
  }

  @Test
  void timesOfTheClockAreInTheZoneThatTheObjectStates() {
    Clock noon = Clock.fixed(Instant.parse("2026-02-03T12:00:00Z"), ZoneOffset.UTC);
    DataSet india = new DataSet().putString(Tag.TimezoneOffsetFromUTC, Vr.SH, "+0530");
    Moment.put(india, noon);
    assertThat(india.string(Tag.ContentTime)).contains("173000");
    DataSet nowhere = new DataSet().putString(Tag.TimezoneOffsetFromUTC, Vr.SH, "local");
    Moment.put(nowhere, noon);
    assertThat(nowhere.string(Tag.ContentTime)).contains("120000");
  }

  private static DicomResultWriter at(Instant instant) {
    return Sources.writer(Clock.fixed(instant, ZoneOffset.UTC));
  }

  /** But for the Key Object Selection, which names pictures and no answers. */
  @Test
  void anotherAnswerGetsOtherUidsAndOverwritesNothing() throws IOException {
    Written one = writer.write(twoPictures("Brain"), ALL, folder);
    Written two = writer.write(twoPictures("Liver"), ALL, folder);

    assertThat(uids(one))
        .filteredOn(uid -> uids(two).contains(uid))
        .isEqualTo(uids(one, Format.KO));
    assertThat(names(folder)).hasSize(22);
  }

  @Test
  void anotherStudyOverwritesNothing() throws IOException {
    writer.write(Sources.annotation(), ALL, folder);
    writer.write(
        Sources.annotation(
            Sources.reading(
                Sources.object(
                    "b.dcm", Sources.header().putString(Tag.StudyInstanceUID, Vr.UI, "1.2.3.5")))),
        ALL,
        folder);

    assertThat(names(folder)).hasSize(16);
  }

  @Test
  void studiesOfTwoPatientsUnderOneUidHaveTwoSeriesAndNames() throws IOException {
    Written one = writer.write(Sources.annotation(), Set.of(Format.REPORT), folder);
    for (int tag : new int[] {Tag.PatientID, Tag.IssuerOfPatientID}) {
      DataSet header = Sources.header().putString(tag, Vr.LO, "other");
      Written other =
          writer.write(
              Sources.annotation(Sources.reading(Sources.object("b.dcm", header))),
              Set.of(Format.REPORT),
              folder);

      assertThat(study(other)).isNotEqualTo(study(one));
      DataSet object = new Part10Reader().read(other.files().get(0).file()).attributes();
      assertThat(object.integer(Tag.InstanceNumber)).hasValue(1);
      assertThat(object.contains(Tag.PredecessorDocumentsSequence)).isFalse();
      assertThat(object.string(Tag.SeriesInstanceUID))
          .isNotEqualTo(
              new Part10Reader()
                  .read(one.files().get(0).file())
                  .attributes()
                  .string(Tag.SeriesInstanceUID));
    }
  }

  private static String study(Written written) {
    return written.files().get(0).file().getFileName().toString().split("_", -1)[1];
  }

  @Test
  void oneRefusedObjectIsAWarningAndTheRestIsWritten() {
    DataSet damaged =
        Sources.header()
            .putItems(
                Tag.ModalityLUTSequence,
                new DataSet()
                    .putInts(Tag.LUTDescriptor, Vr.US, 4, 0)
                    .putInts(Tag.LUTData, Vr.US, 0, 1, 2, 3));
    Written written =
        writer.write(
            Sources.annotation(Sources.reading(Sources.object("b.dcm", damaged))), ALL, folder);

    assertThat(written.files())
        .extracting(ResultFile::format)
        .containsExactly(
            Format.JSON, Format.SR, Format.REPORT, Format.SC, Format.PDF, Format.KO, Format.MFSC);
    assertThat(written.warnings())
        .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
        .startsWith("Grayscale Softcopy Presentation State Storage: not written, since it has 1");
  }

  @Test
  void jsonFollowsItsPublishedSchema() throws IOException {
    Written written = writer.write(twoPictures("Brain"), ALL, folder);
    JsonNode json = new ObjectMapper().readTree(written.files().get(0).file().toFile());

    try (InputStream schema =
        Objects.requireNonNull(
            DicomResultWriter.class.getResourceAsStream("annotation.schema.json"))) {
      assertThat(
              JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                  .getSchema(schema)
                  .validate(json))
          .isEmpty();
    }
  }

  @Test
  void jsonNamesTheObjectsOfTheSameCallWithTheirHashes() throws IOException {
    Written written = writer.write(twoPictures("Brain"), ALL, folder);
    JsonNode objects =
        new ObjectMapper().readTree(written.files().get(0).file().toFile()).get("objects");

    assertThat(objects).hasSize(10);
    for (JsonNode object : objects) {
      byte[] bytes = Files.readAllBytes(folder.resolve(object.get("file").asText()));
      assertThat(object.get("sha256").asText()).isEqualTo(Hashes.sha256(bytes));
    }
    assertThat(objects.findValuesAsText("sopInstanceUid")).containsExactlyElementsOf(uids(written));
  }

  @Test
  void leavesNoTemporaryFiles() throws IOException {
    writer.write(twoPictures("Brain"), ALL, folder);

    assertThat(names(folder)).noneMatch(name -> name.startsWith(".") || name.endsWith(".part"));
  }

  @Test
  void namesAFolderThatCannotBeMade() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> writer.write(Sources.annotation(), ALL, file))
        .isInstanceOf(AnnotationException.class)
        .hasMessage(
            file + ": it cannot be written, since a file is in its way. Name another place.");
  }

  @Test
  void namesAProtocolWhoseCodeCannotBeWritten() throws IOException {
    Annotation good = Sources.annotation();
    Finding finding = good.readings().get(0).findings().get(0);
    ProtocolQuestion question =
        new ProtocolQuestion(
            "organ",
            "Which organ?",
            Optional.of(new Code("a\\b", "DCM", "Organ")),
            List.of(),
            List.of(),
            List.of(),
            Optional.empty());
    Reading reading = good.readings().get(0);
    Annotation bad =
        Sources.annotation(
            new Reading(
                reading.object(),
                0,
                1,
                reading.rendered(),
                List.of(new Finding(question, finding.answer()))));

    assertThatThrownBy(() -> writer.write(bad, ALL, folder))
        .isInstanceOf(AnnotationException.class)
        .hasMessageContaining("brain.dcm: the results cannot be encoded (Code Value (0008,0100)")
        .hasMessageEndingWith(
            "Correct the attribute that is named: in the protocol, the model's description or the"
                + " source.");
    assertThat(names(folder)).isEmpty();
  }

  @Test
  void fileNamesAreSafeOnEveryFileSystem() {
    assertThat(ResultFiles.safe("../Brain & Spine: 2nd (é)", 32)).isEqualTo("brain-spine-2nd-e");
    assertThat(ResultFiles.safe("山", 32)).isEqualTo("unnamed");
    assertThat(ResultFiles.safe("x".repeat(99), 32)).hasSize(32);
  }

  private static Annotation twoPictures(String organ) {
    Reading first =
        new Reading(
            Sources.object("a.dcm", Sources.header()),
            0,
            1,
            Sources.picture(64, 48, 1, 200),
            Sources.findings(organ));
    Reading second =
        new Reading(
            Sources.object(
                "b.dcm",
                Sources.header()
                    .putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3.4.5.2")
                    .putString(Tag.PhotometricInterpretation, Vr.CS, "RGB")
                    .putInts(Tag.InstanceNumber, Vr.IS, 13)),
            4,
            9,
            Sources.picture(600, 700, 3, 90),
            Sources.findings(organ));
    return Sources.annotation(first, second);
  }

  private static List<String> uids(Written written) {
    return written.files().stream()
        .map(ResultFile::sopInstanceUid)
        .filter(uid -> !uid.isEmpty())
        .toList();
  }

  private static List<String> uids(Written written, Format format) {
    return written.files().stream()
        .filter(file -> file.format() == format)
        .map(ResultFile::sopInstanceUid)
        .toList();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static Map<String, String> contents(Path folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    for (String name : names(folder)) {
      contents.put(name, Hashes.sha256(Files.readAllBytes(folder.resolve(name))));
    }
    return contents;
  }
}
