package org.llavamed.study.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.StudyAssembler;
import org.llavamed.imaging.StudyAssembler.Assembly;
import org.llavamed.imaging.StudyTree;
import org.llavamed.imaging.StudyTree.Content;
import org.llavamed.imaging.StudyTree.Instance;
import org.llavamed.imaging.StudyTree.Remark;
import org.llavamed.imaging.StudyTree.Remark.Kind;
import org.llavamed.imaging.StudyTree.Series;
import org.llavamed.imaging.StudyTree.Stack;
import org.llavamed.imaging.StudyTree.Study;

class FileStudyAssemblerTest {
  @TempDir Path folder;

  private Path at(String name) {
    return folder.resolve(name);
  }

  private static Assembly assemble(Path... inputs) {
    return assemble(InputStream.nullInputStream(), inputs);
  }

  private static Assembly assemble(InputStream standardInput, Path... inputs) {
    return new FileStudyAssembler(new Part10Reader(), standardInput)
        .assemble(List.of(inputs), Optional.empty());
  }

  private static StudyTree tree(Path... inputs) {
    try (Assembly assembly = assemble(inputs)) {
      return assembly.tree();
    }
  }

  private static List<String> uids(StudyTree tree) {
    return tree.studies()
        .flatMap(study -> study.series().stream())
        .flatMap(series -> series.instances().stream())
        .map(Instance::uid)
        .toList();
  }

  private static Stream<String> texts(StudyTree tree, Kind kind) {
    return tree.remarks().stream().filter(remark -> remark.kind() == kind).map(Remark::text);
  }

  private List<String> order(Slice... slices) {
    for (int i = 0; i < slices.length; i++) {
      slices[i].write(at("in/" + i));
    }
    return uids(tree(at("in")));
  }

  private Series series(Slice... slices) {
    order(slices);
    return tree(at("in")).studies().findFirst().orElseThrow().series().get(0);
  }

  @Test
  void parallelSlicesGoByPositionAlongTheirNormalWhateverTheirNumbers() {
    assertThat(
            order(
                Slice.of("9.1").number(1).height(50),
                Slice.of("9.2").number(2).height(-12.5),
                Slice.of("9.3").number(3).height(7)))
        .containsExactly("9.2", "9.3", "9.1");
  }

  @Test
  void positionIsProjectedOnTheNormalOfObliqueSlices() {
    // Sagittal slices: the normal points along x, so y and z must not matter.
    String sagittal = "0\\1\\0\\0\\0\\-1";
    assertThat(
            order(
                Slice.of("9.1").plane(sagittal, "5\\-900\\900").number(1),
                Slice.of("9.2").plane(sagittal, "-5\\900\\-900").number(2),
                Slice.of("9.3").plane(sagittal, "0\\0\\0").number(3)))
        .containsExactly("9.1", "9.3", "9.2");
  }

  @Test
  void aTiltedSliceIsProjectedOnTheNormalOfItsStack() {
    // 2 degrees about x: projected on its own normal, the second slice lies at 11.98 mm.
    double sin = Math.sin(Math.toRadians(2));
    double cos = Math.cos(Math.toRadians(2));
    Slice[] slices = {
      Slice.of("9.1").number(1).plane("1\\0\\0\\0\\1\\0", "-200\\-200\\0"),
      Slice.of("9.2")
          .number(2)
          .plane("1\\0\\0\\0\\%.6f\\%.6f".formatted(cos, sin), "-200\\-200\\5"),
      Slice.of("9.3").number(3).plane("1\\0\\0\\0\\1\\0", "-200\\-200\\10")
    };
    Series series = series(slices);
    assertThat(series.instances()).extracting(Instance::uid).containsExactly("9.1", "9.2", "9.3");
    assertThat(series.stacks().get(0).spacing().orElseThrow()).isEqualTo(5);
    assertThat(tree(at("in")).remarks()).isEmpty();
  }

  @Test
  void slicesAtOnePositionGoByNumberThenByUid() {
    assertThat(
            order(
                Slice.of("9.9").height(1).number(2),
                Slice.of("9.7").height(1).number(1),
                Slice.of("9.8").height(1).number(1)))
        .containsExactly("9.7", "9.8", "9.9");
  }

  @Test
  void slicesThatAreNotParallelGoByNumberAndFormAStackForEachOrientation() {
    Series series =
        series(
            Slice.of("9.1").height(0).number(2),
            Slice.of("9.2").plane("0\\1\\0\\0\\0\\-1", "90\\0\\0").number(1),
            Slice.of("9.3").height(-5).number(3));
    assertThat(series.instances()).extracting(Instance::uid).containsExactly("9.2", "9.1", "9.3");
    assertThat(series.stacks()).extracting(Stack::positions).containsExactly(2);
  }

  @Test
  void oneSliceWithoutPositionMakesTheNumberDecideAndObjectsWithoutNumberComeLast() {
    assertThat(
            order(
                Slice.of("9.1").height(9).number(1),
                Slice.of("9.2").height(3).number(2),
                Slice.of("9.5"),
                Slice.of("9.4"),
                Slice.of("9.3").number(3)))
        .containsExactly("9.1", "9.2", "9.3", "9.4", "9.5");
  }

  @Test
  void anOrientationThatIsNoPlaneIsNoPosition() {
    Series series =
        series(
            Slice.of("9.1").plane("1\\0\\0\\1\\0\\0", "1\\2\\3"),
            Slice.of("9.2").plane("1\\0\\0\\0\\1", "1\\2\\3"),
            Slice.of("9.3").height(3));
    assertThat(series.instances().get(0).plane()).isEmpty();
    assertThat(series.instances().get(1).plane()).isEmpty();
    assertThat(series.instances().get(2).plane().orElseThrow().distance()).isEqualTo(3);
    assertThat(series.stacks()).isEmpty();
  }

  @Test
  void aRegularStackHasItsSpacingAndNoRemark() {
    order(
        Slice.of("9.1").height(0),
        Slice.of("9.2").height(2.5),
        Slice.of("9.3").height(5.001),
        Slice.of("9.4").height(7.5));
    StudyTree tree = tree(at("in"));
    Stack stack = tree.studies().findFirst().orElseThrow().series().get(0).stacks().get(0);
    assertThat(stack.positions()).isEqualTo(4);
    assertThat(stack.volumes()).isEqualTo(1);
    assertThat(stack.spacing().orElseThrow()).isEqualTo(2.5);
    assertThat(tree.remarks()).isEmpty();
  }

  @Test
  void aGapIsReportedWithItsPositions() {
    order(
        Slice.of("9.1").height(0),
        Slice.of("9.2").height(5),
        Slice.of("9.3").height(10),
        Slice.of("9.4").height(25));
    assertThat(texts(tree(at("in")), Kind.GEOMETRY))
        .containsExactly(
            "Series 1.2: 15 mm lie between positions 10 and 25, expected 5. Look for missing slices.");
  }

  @Test
  void unevenSpacingIsReported() {
    order(Slice.of("9.1").height(0), Slice.of("9.2").height(5), Slice.of("9.3").height(11));
    assertThat(texts(tree(at("in")), Kind.GEOMETRY))
        .containsExactly(
            "Series 1.2: slices lie 5 to 6 mm apart, expected one distance. Do not measure volumes by their number.");
  }

  @Test
  void aSliceThatIsThereTwiceIsReportedButSeveralVolumesAreNot() {
    order(
        Slice.of("9.1").height(0),
        Slice.of("9.2").height(5),
        Slice.of("9.3").height(5),
        Slice.of("9.4").height(10));
    assertThat(texts(tree(at("in")), Kind.GEOMETRY))
        .containsExactly(
            "Series 1.2: 2 slices lie at position 5 mm, fewer at 2 of 3 positions. Look for slices that are there twice or are missing.");
    Slice.of("9.5").height(0).write(at("in/5"));
    Slice.of("9.6").height(10).write(at("in/6"));
    StudyTree tree = tree(at("in"));
    assertThat(tree.remarks()).isEmpty();
    Stack stack = tree.studies().findFirst().orElseThrow().series().get(0).stacks().get(0);
    assertThat(stack.volumes()).isEqualTo(2);
    assertThat(stack.positions()).isEqualTo(3);
  }

  @Test
  void framesOfAnEnhancedObjectFormAStack() {
    DataSet shared =
        new DataSet()
            .putItems(
                Tag.PlaneOrientationSequence,
                new DataSet()
                    .putString(Tag.ImageOrientationPatient, Vr.DS, "1", "0", "0", "0", "1", "0"));
    Slice.of("9.1")
        .set(Tag.NumberOfFrames, Vr.IS, "3")
        .items(Tag.SharedFunctionalGroupsSequence, shared)
        .items(Tag.PerFrameFunctionalGroupsSequence, frame(0), frame(4), frame(20))
        .write(at("enhanced"));
    StudyTree tree = tree(at("enhanced"));
    Stack stack = tree.studies().findFirst().orElseThrow().series().get(0).stacks().get(0);
    assertThat(stack.positions()).isEqualTo(3);
    assertThat(stack.spacing().orElseThrow()).isEqualTo(4);
    assertThat(texts(tree, Kind.GEOMETRY))
        .containsExactly(
            "Object 9.1: 16 mm lie between positions 4 and 20, expected 4. Look for missing slices.");
  }

  private static DataSet frame(int height) {
    return new DataSet()
        .putItems(
            Tag.PlanePositionSequence,
            new DataSet()
                .putString(Tag.ImagePositionPatient, Vr.DS, "0", "0", Integer.toString(height)));
  }

  @Test
  void patientsStudiesAndSeriesArePutTogetherInTheirOrder() {
    Slice.of("9.1").set(Tag.StudyInstanceUID, Vr.UI, "2.2").series("3.2").write(at("in/1"));
    Slice.of("9.2")
        .set(Tag.PatientID, Vr.LO, "P2")
        .set(Tag.StudyInstanceUID, Vr.UI, "2.3")
        .write(at("in/2"));
    Slice.of("9.3")
        .set(Tag.StudyInstanceUID, Vr.UI, "2.2")
        .series("3.1")
        .set(Tag.SeriesNumber, Vr.IS, "9")
        .write(at("in/3"));
    StudyTree tree = tree(at("in"));
    assertThat(tree.patients()).extracting(StudyTree.Patient::id).containsExactly("P1", "P2");
    assertThat(tree.studies().map(Study::uid)).containsExactly("2.2", "2.3");
    assertThat(tree.patients().get(0).studies().get(0).series())
        .extracting(Series::uid)
        .containsExactly("3.1", "3.2");
    assertThat(tree.remarks()).isEmpty();
  }

  @Test
  void objectsOfTwoPatientsInOneStudyStayApartAndAreReported() {
    Slice.of("9.1").write(at("in/1"));
    Slice.of("9.2").set(Tag.PatientID, Vr.LO, "P2").series("1.3").write(at("in/2"));
    StudyTree tree = tree(at("in"));
    assertThat(tree.patients()).extracting(StudyTree.Patient::id).containsExactly("P1", "P2");
    assertThat(texts(tree, Kind.INCONSISTENT))
        .containsExactly(
            "Study 1.1: its objects belong to several patients ('P1' and 'P2'). Each is kept with its own; correct the identifiers.");
  }

  @Test
  void patientsWithoutIdAreToldApartByNameAndReported() {
    Slice.of("9.1").without(Tag.PatientID).set(Tag.PatientName, Vr.PN, "A").write(at("in/1"));
    Slice.of("9.2")
        .set(Tag.PatientID, Vr.LO, "")
        .set(Tag.PatientName, Vr.PN, "B")
        .set(Tag.StudyInstanceUID, Vr.UI, "2.2")
        .series("2.3")
        .write(at("in/2"));
    StudyTree tree = tree(at("in"));
    assertThat(tree.patients()).extracting(StudyTree.Patient::name).containsExactly("A", "B");
    assertThat(texts(tree, Kind.INCONSISTENT))
        .containsExactly(
            "2 patients have no Patient ID (0010,0020) and are told apart by their names ('A', 'B'). Give them a Patient ID.");
  }

  @Test
  void aSeriesOfTwoModalitiesOrFramesOfReferenceIsReported() {
    Slice.of("9.1").set(Tag.FrameOfReferenceUID, Vr.UI, "5.1").write(at("in/1"));
    Slice.of("9.2")
        .set(Tag.Modality, Vr.CS, "MR")
        .set(Tag.FrameOfReferenceUID, Vr.UI, "5.2")
        .write(at("in/2"));
    assertThat(texts(tree(at("in")), Kind.INCONSISTENT))
        .containsExactly(
            "Series 1.2: its objects have 2 modalities (CT, MR). Look whether they belong together.",
            "Series 1.2: its objects have 2 frames of reference (5.1, 5.2). Look whether they belong together.");
  }

  @Test
  void aSecondCopyIsLeftOutAndOneWithOtherContentIsReported() {
    Slice.of("9.1").write(at("in/a"));
    Slice.of("9.1").write(at("in/b"));
    Slice.of("9.1").number(5).write(at("in/c"));
    StudyTree tree = tree(at("in"));
    assertThat(uids(tree)).containsExactly("9.1");
    assertThat(texts(tree, Kind.LEFT_OUT))
        .containsExactly("same SOP Instance UID as a", "same SOP Instance UID as a");
    assertThat(texts(tree, Kind.INCONSISTENT))
        .containsExactly(
            "%s: has the SOP Instance UID 9.1 of %s, but other content. The first one is taken; give the other a UID of its own."
                .formatted(at("in/c"), at("in/a")));
  }

  @Test
  void objectsAreToldApartByWhatTheyHold() {
    Slice.of("9.1").number(1).write(at("in/1"));
    Slice.of("9.2").number(2).without(Tag.PixelData).write(at("in/2"));
    Slice.of("9.3")
        .number(3)
        .set(Tag.Manufacturer, Vr.LO, ResearchMark.MANUFACTURER)
        .write(at("in/3"));
    Slice.of("9.4")
        .number(4)
        .set(Tag.ImageType, Vr.CS, "ORIGINAL", "PRIMARY", "LOCALIZER")
        .write(at("in/4"));
    assertThat(
            tree(at("in"))
                .studies()
                .flatMap(study -> study.series().get(0).instances().stream())
                .map(Instance::content))
        .containsExactly(Content.PICTURE, Content.NO_PIXELS, Content.RESULT, Content.LOCALIZER);
  }

  @Test
  void brokenFilesAreNamedAndTheOthersAreDone() throws IOException {
    Slice.of("9.1").write(at("in/good"));
    Slice.of("9.2").without(Tag.SeriesInstanceUID).write(at("in/nouid"));
    Slice.of("9.3").without(Tag.SeriesInstanceUID).without(Tag.PixelData).write(at("in/lut"));
    Files.writeString(at("in/text"), "no DICOM");
    StudyTree tree = tree(at("in"), at("missing"));
    assertThat(uids(tree)).containsExactly("9.1");
    assertThat(texts(tree, Kind.FAILED))
        .containsExactly(
            "%s: Series Instance UID (0020,000E) is missing, and results refer to it. Give the object its identifiers or export it again."
                .formatted(at("in/nouid")),
            "%s: this is no DICOM file, it looks like a text. Name a DICOM file."
                .formatted(at("in/text")),
            "%s: no such file or folder, or a link to nothing. Name an existing one."
                .formatted(at("missing")));
    assertThat(texts(tree, Kind.LEFT_OUT)).containsExactly("no pixels and no identifiers");
  }

  private byte[] zip(String... namesAndFiles) throws IOException {
    var bytes = new java.io.ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < namesAndFiles.length; i += 2) {
        zip.putNextEntry(new ZipEntry(namesAndFiles[i]));
        zip.write(Files.readAllBytes(Path.of(namesAndFiles[i + 1])));
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void anArchiveIsReadWhereverItLiesAndItsFilesAreDeletedAtTheEnd() throws IOException {
    String a = Slice.of("9.1").number(1).write(at("a")).toString();
    String b = Slice.of("9.2").number(2).write(at("b")).toString();
    Files.createDirectories(at("in"));
    Files.write(at("in/study.zip"), zip("dir/IM1", a, "dir/IM2", b));
    Path unpacked;
    try (Assembly assembly = assemble(at("in"))) {
      assertThat(uids(assembly.tree())).containsExactly("9.1", "9.2");
      assertThat(assembly.tree().remarks()).isEmpty();
      unpacked =
          assembly
              .tree()
              .studies()
              .findFirst()
              .orElseThrow()
              .series()
              .get(0)
              .instances()
              .get(0)
              .file();
      assertThat(unpacked).exists().hasFileName("IM1");
      assertThat(unpacked.toString()).contains("study.zip");
    }
    assertThat(unpacked).doesNotExist();
  }

  @Test
  void namesWithinAnArchiveNeverLeadOutOfItsFolder() throws IOException {
    String a = Slice.of("9.1").number(1).write(at("a")).toString();
    String b = Slice.of("9.2").number(2).write(at("b")).toString();
    String c = Slice.of("9.3").number(3).write(at("c")).toString();
    Files.write(
        at("evil.zip"),
        zip("../../../../llavamed-evil", a, "/llavamed-evil", b, "x\\..\\..\\llavamed-evil", c));
    try (Assembly assembly = assemble(at("evil.zip"))) {
      assertThat(uids(assembly.tree())).containsExactly("9.1", "9.2", "9.3");
      assertThat(
              assembly
                  .tree()
                  .studies()
                  .flatMap(study -> study.series().get(0).instances().stream()))
          .allMatch(instance -> instance.file().toString().contains("evil.zip"));
    }
    assertThat(folder.resolveSibling("llavamed-evil")).doesNotExist();
    assertThat(Path.of("/llavamed-evil")).doesNotExist();
  }

  @Test
  void anArchiveWithinAnArchiveAndADamagedOneAreNamed() throws IOException {
    String a = Slice.of("9.1").write(at("a")).toString();
    Files.write(at("inner.zip"), zip("a", a));
    Files.write(at("outer.zip"), zip("inner.zip", at("inner.zip").toString()));
    byte[] damaged = zip("a", a);
    Files.write(at("damaged.zip"), java.util.Arrays.copyOf(damaged, damaged.length - 30));
    try (Assembly assembly = assemble(at("outer.zip"), at("damaged.zip"))) {
      assertThat(texts(assembly.tree(), Kind.FAILED))
          .satisfiesExactly(
              text ->
                  assertThat(text)
                      .endsWith("an archive within an archive. Unpack it and name its folder."),
              text -> assertThat(text).startsWith(at("damaged.zip") + ": cannot be unpacked ("));
    }
  }

  @Test
  void aDamagedEntryIsNamedAndTheOthersAreRead() throws IOException {
    String a = Slice.of("9.1").write(at("a")).toString();
    String b = Slice.of("9.2").write(at("b")).toString();
    String c = Slice.of("9.3").write(at("c")).toString();
    byte[] noBlock = zip("a", a, "bad", b, "c", c);
    noBlock[second(noBlock) + 30 + "bad".length()] = 7;
    Files.write(at("noblock.zip"), noBlock);
    byte[] otherSum = zip("a", a, "bad", b, "c", c);
    int directory = new String(otherSum, StandardCharsets.ISO_8859_1).lastIndexOf("bad") - 46;
    otherSum[directory + 16] ^= 1;
    Files.write(at("sum.zip"), otherSum);
    for (String name : List.of("noblock.zip", "sum.zip")) {
      StudyTree tree = tree(at(name));
      assertThat(uids(tree)).containsExactly("9.1", "9.3");
      assertThat(texts(tree, Kind.FAILED))
          .singleElement()
          .asString()
          .contains(name + "/bad: cannot be unpacked (")
          .endsWith("). Copy its archive again.");
    }
  }

  /** Returns where the second entry of an archive begins. */
  private static int second(byte[] archive) {
    return new String(archive, StandardCharsets.ISO_8859_1).indexOf("PK\3\4", 4);
  }

  @Test
  void anArchiveThatUnpacksToFarMoreThanItsSizeIsRefused() throws IOException {
    Files.write(at("zeros"), new byte[8 << 20]);
    Files.write(at("bomb.zip"), zip("zeros", at("zeros").toString()));
    try (var archives = new Archives(InputStream.nullInputStream(), 1 << 20)) {
      assertThatThrownBy(() -> archives.unpack(at("bomb.zip"), new Remarks()))
          .isInstanceOf(ImagingException.class)
          .hasMessageContaining("bomb.zip: it unpacks to more than ")
          .hasMessageContaining("expected at most 100 times its size");
    }
  }

  @Test
  void anInterruptEndsUnpackingWithinAnEntry() throws IOException {
    Files.write(at("input"), new byte[1 << 20]);
    try (var archives = new Archives(Files.newInputStream(at("input")))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(archives::standardInput).isInstanceOf(InterruptedIOException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aFolderIsListedOnceHoweverManyOfItsNamesAreSought() {
    List<Path> listed = new ArrayList<>();
    var names =
        new FolderNames(
            path -> {
              listed.add(path);
              return List.of(path.resolve("im1"), path.resolve("IM2"));
            });
    assertThat(names.find(folder, "IM1")).contains(folder.resolve("im1"));
    assertThat(names.find(folder, "im2")).contains(folder.resolve("IM2"));
    assertThat(names.find(folder, "IM3")).isEmpty();
    assertThat(listed).containsExactly(folder);
  }

  @Test
  void anAssemblyKeepsTheTreeAndItsFilesOnly() {
    try (Assembly assembly = assemble(Slice.of("9.1").write(at("a")))) {
      assertThat(assembly.getClass().getDeclaredFields())
          .extracting(field -> field.getType().getSimpleName())
          .contains("StudyTree", "Archives")
          .doesNotContain("Work");
    }
  }

  @Test
  void mutatedArchivesGiveTreesAndNamedFailuresOnly() throws IOException {
    byte[] good = zip("a", Slice.of("9.1").write(at("a")).toString());
    var random = new Random(20261124);
    for (int i = 0; i < 500; i++) {
      byte[] bad = good.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        bad[4 + random.nextInt(bad.length - 4)] = (byte) random.nextInt();
      }
      Files.write(at("bad.zip"), bad);
      StudyTree tree = tree(at("bad.zip"));
      assertThat(texts(tree, Kind.FAILED)).noneMatch(text -> text.contains("unexpectedly"));
    }
  }

  @Test
  void standardInputIsAnObjectOrAnArchive() throws IOException {
    Path a = Slice.of("9.1").write(at("a"));
    for (byte[] input : List.of(Files.readAllBytes(a), zip("a", a.toString()))) {
      try (Assembly assembly =
          assemble(new ByteArrayInputStream(input), StudyAssembler.STANDARD_INPUT)) {
        assertThat(uids(assembly.tree())).containsExactly("9.1");
      }
    }
    try (Assembly assembly = assemble(StudyAssembler.STANDARD_INPUT)) {
      assertThat(texts(assembly.tree(), Kind.FAILED))
          .containsExactly(
              "Standard input: it is empty. Pipe a DICOM object or a zip archive into it.");
    }
    try (Assembly assembly =
        assemble(
            new ByteArrayInputStream("text".getBytes(StandardCharsets.UTF_8)),
            StudyAssembler.STANDARD_INPUT)) {
      assertThat(texts(assembly.tree(), Kind.FAILED).findFirst().orElseThrow())
          .contains("this is no DICOM file");
    }
  }

  @Test
  void aFolderThatIsLeftOutIsVisitedOnlyAsAnInputOfItsOwn() {
    Slice.of("9.1").write(at("in/a"));
    Slice.of("9.2").write(at("in/out/b"));
    var assembler = new FileStudyAssembler(new Part10Reader(), InputStream.nullInputStream());
    try (Assembly assembly = assembler.assemble(List.of(at("in")), Optional.of(at("in/out")))) {
      assertThat(uids(assembly.tree())).containsExactly("9.1");
    }
    try (Assembly assembly = assembler.assemble(List.of(at("in/out")), Optional.of(at("in/out")))) {
      assertThat(uids(assembly.tree())).containsExactly("9.2");
    }
  }
}
