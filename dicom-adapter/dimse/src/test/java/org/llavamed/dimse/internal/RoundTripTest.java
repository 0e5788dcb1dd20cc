package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Object;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.ImagingException;
import org.llavamed.network.Query;
import org.llavamed.network.QueryLevel;
import org.llavamed.network.ReceiveLimits;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.ReceiveSettings.Access;
import org.llavamed.network.ReceivedInstance;
import org.llavamed.network.RetrieveOutcome;

/** Objects of many kinds go to Orthanc, and come back equal, attribute for attribute. */
final class RoundTripTest {
  private static final ReceiveLimits LIMITS = new ReceiveLimits(4, 1 << 16, 1 << 28, 0);
  private static final int PRIVATE = 0x00091000;
  private static final Set<String> PADDED = Set.of("CS", "SH", "LO");

  @TempDir Path folder;
  private final DimseUser client = new DimseUser();

  private static ReceiveSettings here(Path out, int port) {
    return new ReceiveSettings(
        Optional.of(ArchiveTest.OWN),
        "127.0.0.1",
        port,
        out,
        Access.ALL,
        LIMITS,
        Loopback.TIMEOUTS,
        Optional.empty());
  }

  /**
   * Stores files, fetches their studies back and compares.
   *
   * @return how many Orthanc took; it does not know all SOP classes and transfer syntaxes, and no
   *     UIDs of unknown value representation
   */
  private int comesBackEqual(List<Path> files) throws Exception {
    Program.require("orthanc", "Orthanc");
    int port = Program.freePort();
    int ownPort = Program.freePort();
    List<Part10Object> sent = new ArrayList<>();
    TreeSet<String> studies = new TreeSet<>();
    try (Program archive = ArchiveTest.orthanc(folder, port, ownPort)) {
      client.store(
          ArchiveTest.peer(port),
          files,
          outcome -> {
            if (outcome.problem().contains(" does not ")
                || outcome.status() == Status.CANNOT_UNDERSTAND) {
              System.out.println("SKIPPED: " + outcome.problem());
            } else {
              assertThat(outcome.status()).as(outcome.problem()).isZero();
              sent.add(new Part10Reader().read(outcome.file()));
            }
          });
      sent.forEach(
          object -> studies.add(object.attributes().string(Tag.StudyInstanceUID).orElseThrow()));
      Map<String, Part10Object> got = new HashMap<>();
      Map<String, Part10Object> moved = new HashMap<>();
      try (var reception =
          new DimseProvider()
              .open(here(folder.resolve("moved"), ownPort), one -> read(one, moved))) {
        assertThat(reception.port()).isEqualTo(ownPort);
        for (String uid : studies) {
          Query study = new Query(QueryLevel.STUDY, false, Map.of("StudyInstanceUID", uid));
          RetrieveOutcome outcome =
              client.get(
                  ArchiveTest.peer(port),
                  study,
                  here(folder.resolve("got"), 0),
                  one -> read(one, got));
          assertThat(outcome.complete()).as(outcome.problem() + archive.output()).isTrue();
          outcome = client.move(ArchiveTest.peer(port), study, ArchiveTest.OWN);
          assertThat(outcome.complete()).as(outcome.problem() + archive.output()).isTrue();
        }
      }
      for (Part10Object object : sent) {
        isEqual(object, got);
        isEqual(object, moved);
      }
      assertThat(got).hasSameSizeAs(sent);
      assertThat(moved).hasSameSizeAs(sent);
    }
    return sent.size();
  }

  private static void read(ReceivedInstance one, Map<String, Part10Object> into) {
    into.put(one.sopInstanceUid(), new Part10Reader().read(one.file()));
  }

  private static void isEqual(Part10Object sent, Map<String, Part10Object> back) {
    Part10Object found = back.get(sent.attributes().string(Tag.SOPInstanceUID).orElseThrow());
    assertThat(found).as("%s", sent.file()).isNotNull();
    assertThat(found.transferSyntaxUid()).as("%s", sent.file()).isEqualTo(sent.transferSyntaxUid());
    DataSet before = withoutWhatOrthancMakes(sent.attributes());
    DataSet after = withoutWhatOrthancMakes(found.attributes());
    for (int tag : before.tags()) {
      assertThat(new DataSet().copyFrom(after, tag))
          .as("%s %08X", sent.file(), tag)
          .usingEquals(RoundTripTest::alike)
          .isEqualTo(new DataSet().copyFrom(before, tag));
    }
    assertThat(after.tags()).as("%s", sent.file()).isEqualTo(before.tags());
    assertThat(pixels(found)).as("%s, pixel data", sent.file()).isEqualTo(pixels(sent));
  }

  /** Orthanc computes group lengths anew, and cuts padding off: after the data set and of text. */
  private static DataSet withoutWhatOrthancMakes(DataSet attributes) {
    DataSet copy = DataSet.copyOf(attributes);
    attributes.tags().stream().filter(tag -> (tag & 0xFFFF) == 0).forEach(copy::remove);
    return copy.remove(Tag.DataSetTrailingPadding);
  }

  private static boolean alike(DataSet one, DataSet other) {
    return one.equals(other)
        || (one.tags().equals(other.tags())
            && one.tags().stream()
                .allMatch(
                    tag ->
                        one.vr(tag).equals(other.vr(tag))
                            && one.vr(tag).filter(PADDED::contains).isPresent()
                            && stripped(one, tag).equals(stripped(other, tag))));
  }

  private static String stripped(DataSet dataSet, int tag) {
    return String.join("\\", dataSet.strings(tag).stream().map(String::strip).toList());
  }

  /** Returns the compressed stream of all frames, or the native value. */
  private static Object pixels(Part10Object object) {
    return object
        .pixelData()
        .<Object>map(
            data ->
                data.encapsulated()
                    ? data.stream(0, (int) data.length())
                    : new DataSet().copyFrom(object.whole(), data.tag()))
        .orElse("none");
  }

  /** Adds sequences, private attributes and a value of nearly each value representation. */
  private static DataSet enrich(DataSet dataSet) {
    byte[] bytes = new byte[70_000];
    new Random(7).nextBytes(bytes);
    DataSet code =
        new DataSet()
            .putString(Tag.CodeValue, Vr.SH, "T-D1100")
            .putString(Tag.CodingSchemeDesignator, Vr.SH, "SRT")
            .putString(Tag.CodeMeaning, Vr.LO, "Head");
    DataSet request =
        new DataSet()
            .putString(Tag.RequestedProcedureID, Vr.SH, "RP1")
            .putItems(Tag.ScheduledProtocolCodeSequence, code, new DataSet());
    DataSet inner =
        new DataSet()
            .putString(PRIVATE >> 8 << 8 | 0x10, Vr.LO, "INNER")
            .putString(PRIVATE | 0x01, Vr.LO, "within");
    return dataSet
        .putString(Tag.ImageType, Vr.CS, "DERIVED", "SECONDARY", "AXIAL")
        .putEmpty(Tag.AccessionNumber, Vr.SH)
        .putString(Tag.StudyTime, Vr.TM, "235959.123456")
        .putString(Tag.PatientAge, Vr.AS, "042Y")
        .putString(Tag.ImageOrientationPatient, Vr.DS, "1", "0", "0", "0", "0.5", "-1e-3")
        .putItems(Tag.RequestAttributesSequence, request, new DataSet())
        .putItems(Tag.ReferencedImageSequence, List.of())
        .putItems(Tag.AnatomicRegionSequence, code)
        .putString(0x00090010, Vr.LO, "LLAVAMED TEST")
        .putString(PRIVATE | 0x01, Vr.LO, "one", "two")
        .putBytes(PRIVATE | 0x02, Vr.OB, bytes)
        .putBytes(PRIVATE | 0x03, Vr.UN, new byte[] {1, 2, 3, 4})
        .putItems(PRIVATE | 0x04, inner, new DataSet())
        .putDoubles(PRIVATE | 0x05, Vr.FD, Math.PI, -0.0, 1e300)
        .putDoubles(PRIVATE | 0x06, Vr.FL, 1.5)
        .putInts(PRIVATE | 0x07, Vr.SL, Integer.MIN_VALUE, 5)
        .putInts(PRIVATE | 0x08, Vr.SS, -1)
        .putString(PRIVATE | 0x09, Vr.UT, "line\r\n".repeat(20_000))
        .putInts(PRIVATE | 0x0A, Vr.UL, 0xFFFFFFFFL);
  }

  private static DataSet document(String sopClassUid, int number) {
    DataSet document = Objects.head(sopClassUid, number, 1);
    for (int tag :
        new int[] {
          Tag.SamplesPerPixel,
          Tag.PhotometricInterpretation,
          Tag.Rows,
          Tag.Columns,
          Tag.PixelRepresentation
        }) {
      document.remove(tag);
    }
    return document;
  }

  private static DataSet report(int number) {
    DataSet text =
        new DataSet()
            .putString(Tag.RelationshipType, Vr.CS, "CONTAINS")
            .putString(Tag.ValueType, Vr.CS, "TEXT")
            .putString(Tag.TextValue, Vr.UT, "Größe: 5 µm, 肺野, Лёгкие");
    DataSet container =
        new DataSet()
            .putString(Tag.RelationshipType, Vr.CS, "CONTAINS")
            .putString(Tag.ValueType, Vr.CS, "CONTAINER")
            .putItems(Tag.ContentSequence, text, text);
    return document(Uids.ComprehensiveSRStorage, number)
        .putString(Tag.ValueType, Vr.CS, "CONTAINER")
        .putItems(Tag.ContentSequence, container, text);
  }

  /** Writes a name in a character set as the bytes that it has there. */
  private static DataSet named(int number, String set, byte[] name) {
    return Objects.grey(number, 16)
        .putString(Tag.SpecificCharacterSet, Vr.CS, set.split("/", -1))
        .putBytes(Tag.PatientName, Vr.PN, name)
        .putItems(
            Tag.ReferencedPatientSequence, new DataSet().putBytes(Tag.PatientName, Vr.PN, name));
  }

  private static byte[] japanese() {
    ByteBuffer name = ByteBuffer.allocate(100);
    name.put("Yamada^Tarou=".getBytes(Charset.forName("US-ASCII")));
    name.put("山田".getBytes(Charset.forName("ISO-2022-JP")));
    name.put((byte) '^').put("太郎".getBytes(Charset.forName("ISO-2022-JP")));
    byte[] bytes = new byte[name.position()];
    name.flip().get(bytes);
    return bytes;
  }

  private Map<DataSet, String> generated() {
    byte[] paper = new byte[5000];
    new Random(1).nextBytes(paper);
    DataSet frames =
        Objects.rle(6, 128)
            .putString(Tag.SOPClassUID, Vr.UI, Uids.UltrasoundMultiFrameImageStorage)
            .putInts(Tag.NumberOfFrames, Vr.IS, 2);
    ByteBuffer frame = ByteBuffer.allocate(66).put(0, (byte) 1).put(4, (byte) 64);
    frames.putFragments(Tag.PixelData, List.of(frame, frame.duplicate()));
    Map<DataSet, String> objects = new LinkedHashMap<>();
    String explicit = Uids.ExplicitVRLittleEndian;
    objects.put(enrich(Objects.image(1, 64)), explicit);
    objects.put(Objects.image(2, 64), Uids.ImplicitVRLittleEndian);
    objects.put(Objects.image(3, 64), Uids.ExplicitVRBigEndian);
    objects.put(Objects.image(4, 64), Uids.DeflatedExplicitVRLittleEndian);
    objects.put(enrich(Objects.rle(5, 128)), Uids.RLELossless);
    objects.put(frames, Uids.RLELossless);
    objects.put(enrich(report(7)), explicit);
    objects.put(
        document(Uids.EncapsulatedPDFStorage, 8)
            .putString(Tag.MIMETypeOfEncapsulatedDocument, Vr.LO, "application/pdf")
            .putBytes(Tag.EncapsulatedDocument, Vr.OB, paper),
        explicit);
    objects.put(document(Uids.GrayscaleSoftcopyPresentationStateStorage, 9), explicit);
    objects.put(
        named(10, "ISO_IR 100", "Müller^Ödön".getBytes(Charset.forName("ISO-8859-1"))), explicit);
    objects.put(
        named(11, "ISO_IR 144", "Люк^Иван".getBytes(Charset.forName("ISO-8859-5"))), explicit);
    objects.put(named(12, "/ISO 2022 IR 87", japanese()), explicit);
    objects.put(
        named(13, "GB18030", "Wang^XiaoDong=王^小东".getBytes(Charset.forName("GB18030"))),
        Uids.ImplicitVRLittleEndian);
    return objects;
  }

  @Test
  void generatedObjectsOfManyKindsComeBackEqualByGetAndMove() throws Exception {
    List<Path> files = new ArrayList<>();
    generated()
        .forEach(
            (object, syntax) ->
                files.add(Objects.write(folder, files.size() + ".dcm", object, syntax)));
    assertThat(comesBackEqual(files)).isEqualTo(files.size());
  }

  @Test
  void compressedObjectsOfDcmtkComeBackEqualByGetAndMove() throws Exception {
    String[] programs = {
      "dcmcrle",
      "dcmcjpeg +e1",
      "dcmcjpeg +eb +un", // keeps the SOP Instance UID
      "dcmcjpeg +es +un",
      "dcmcjpeg +ep +un",
      "dcmcjpls",
      "dcmcjpls +en +un"
    };
    Program.require("dcmtk", "dcmcrle", "dcmcjpeg", "dcmcjpls");
    List<Path> files = new ArrayList<>();
    for (String program : programs) {
      DataSet plain = enrich(Objects.grey(files.size() + 1, 64));
      Path file = folder.resolve("compressed%d.dcm".formatted(files.size()));
      List<Object> command = new ArrayList<>(List.of(program.split(" ", -1)));
      command.add(Objects.write(folder, "plain.dcm", plain, Uids.ExplicitVRLittleEndian));
      command.add(file);
      Program.run(folder, command.toArray());
      files.add(file);
    }
    assertThat(comesBackEqual(files)).isEqualTo(files.size());
  }

  @Test
  void sharedFilesComeBackEqualByGetAndMove() throws Exception {
    Path shared = Path.of(System.getProperty("shared.data", "")).resolve("dicom");
    Program.skipUnless(
        Files.isDirectory(shared),
        "no reference data in %s; set -Dshared.data=FOLDER".formatted(shared));
    Map<String, Path> files = new LinkedHashMap<>();
    List<String> rows = Files.readAllLines(shared.resolve("INDEX.tsv"));
    for (String row : rows.subList(1, rows.size())) {
      Path file = shared.resolve(row.split("\t", -1)[1]);
      uid(file).ifPresent(uid -> files.putIfAbsent(uid, file));
    }
    assertThat(comesBackEqual(List.copyOf(files.values())))
        .isGreaterThanOrEqualTo(files.size() - 4);
  }

  /** Returns the SOP Instance UID of an object that can be stored. */
  private static Optional<String> uid(Path file) {
    try {
      DataSet attributes = new Part10Reader().read(file).attributes();
      for (int tag :
          new int[] {
            Tag.SOPClassUID, Tag.SOPInstanceUID, Tag.StudyInstanceUID, Tag.SeriesInstanceUID
          }) {
        if (!Uid.isValid(attributes.string(tag).orElse(""))) {
          return Optional.empty();
        }
      }
      return attributes.string(Tag.SOPInstanceUID);
    } catch (ImagingException e) {
      return Optional.empty();
    }
  }
}
