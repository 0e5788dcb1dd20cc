package org.llavamed.annotator.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.annotation.Annotation;
import org.llavamed.annotation.Annotation.Finding;
import org.llavamed.annotation.AnnotationException;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.annotation.ResultWriter;
import org.llavamed.annotation.StudyAnnotator.Listener;
import org.llavamed.annotation.StudyAnnotator.Reply;
import org.llavamed.annotation.StudyAnnotator.Request;
import org.llavamed.annotation.StudyAnnotator.Summary;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.RenderedFrame;
import org.llavamed.imaging.Rendering;
import org.llavamed.imaging.SampleType;
import org.llavamed.imaging.StoredFrame;
import org.llavamed.inference.ModelException;
import org.llavamed.study.internal.FileStudyAssembler;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DefaultStudyAnnotatorTest {
  private static final int BROKEN = 0x00090010;
  private static final int PATIENT_ID = 0x00100020;

  @TempDir Path folder;

  private final FakeModel model = new FakeModel();
  private final List<Annotation> annotations = new ArrayList<>();
  private final List<List<Path>> revised = new ArrayList<>();
  private final Heard heard = new Heard();
  private boolean diskFull;
  private String unwritable = "";

  /** What a listener heard, one line each. */
  private static final class Heard implements Listener {
    final List<String> lines = new ArrayList<>();
    final List<Reply> replies = new ArrayList<>();

    @Override
    public void planned(int studies, int pictures) {
      lines.add("planned " + studies + " " + pictures);
    }

    @Override
    public void answered(Reply reply) {
      replies.add(reply);
      lines.add("answered " + reply.picture() + " " + reply.answer());
    }

    @Override
    public void written(String uid, List<ResultWriter.ResultFile> files, List<String> warnings) {
      lines.add("written " + uid + " " + warnings);
    }

    @Override
    public void skipped(Path file, String reason) {
      lines.add("skipped " + file.getFileName() + ": " + reason);
    }

    @Override
    public void noted(String sentence) {
      lines.add("noted " + sentence);
    }

    @Override
    public void failed(String sentence) {
      lines.add("failed " + sentence);
    }

    List<String> of(String kind) {
      return lines.stream().filter(line -> line.startsWith(kind + " ")).toList();
    }
  }

  private DefaultStudyAnnotator annotator() {
    ResultWriter writer =
        (annotation, formats, out, earlier) -> {
          if (diskFull) {
            throw AnnotationException.invalid(out, "the disk is full", "Free some space");
          }
          if (annotation.studyInstanceUid().equals(unwritable)) {
            throw new IllegalStateException("a bug");
          }
          annotations.add(annotation);
          revised.add(earlier);
          return new ResultWriter.Written(List.of(), List.of("a warning"));
        };
    return new DefaultStudyAnnotator(
        new FileStudyAssembler(TextObject.READER),
        new PictureSource(
            TextObject.READER, DefaultStudyAnnotatorTest::decode, (o, f, i, p) -> render(f)),
        model,
        writer,
        new AnnotatorSettings(Optional.empty(), 2, 16, 99));
  }

  private static StoredFrame decode(org.llavamed.imaging.DicomObject object, int index) {
    String broken = object.attributes().string(BROKEN).orElse("");
    if (broken.equals("damaged")) {
      throw ImagingException.damaged(object.file(), "the pixels are damaged", "Copy it again");
    }
    if (broken.equals("bug")) {
      throw new IllegalStateException("a bug");
    }
    return new StoredFrame(1, 1, 1, SampleType.UINT8, ByteBuffer.wrap(new byte[] {(byte) index}));
  }

  private static RenderedFrame render(StoredFrame frame) {
    return new RenderedFrame(
        new Picture(1, 1, 1, frame.values()),
        new Rendering(Rendering.Rule.PERCENTILES, Optional.empty()));
  }

  private Request request(Path... inputs) {
    return request(List.of("What?"), inputs);
  }

  private Request request(List<String> questions, Path... inputs) {
    return new Request(
        List.of(inputs),
        questions,
        Optional.empty(),
        Optional.empty(),
        folder.resolve("out"),
        Set.of(ResultWriter.Format.JSON));
  }

  private Path at(String name) {
    return folder.resolve("in").resolve(name);
  }

  private Summary annotate(Path... inputs) {
    return annotator().annotate(request(inputs), heard);
  }

  @AfterEach
  void clearInterrupt() {
    Thread.interrupted();
  }

  @Test
  void readsEvenlySpreadSlicesOfEachStudyAndWritesOneAnnotationEach() {
    for (int i = 0; i < 5; i++) {
      Header.of("1." + i).number(i).height(10 - i).write(at("a/IMG" + i));
    }
    Header.of("2.1").study("2").series("2.2").modality("DX").write(at("b/film"));
    assertThat(annotate(at(""))).isEqualTo(new Summary(2, 3, 0, 0));
    assertThat(heard.lines)
        .containsExactly(
            "planned 2 3",
            "answered CT image 3 (IMG3) What?",
            "answered CT image 1 (IMG1) What?",
            "written 1 [a warning]",
            "answered DX (film) What?",
            "written 2 [a warning]");
    Annotation first = annotations.get(0);
    assertThat(first.studyInstanceUid()).isEqualTo("1");
    assertThat(first.selectionRule()).isEqualTo("evenly spread: 2 of 5");
    assertThat(first.model()).isEqualTo(FakeModel.CARD);
    assertThat(first.protocol().name()).isEqualTo("questions");
    assertThat(first.readings()).hasSize(2);
    assertThat(first.readings().get(0).findings())
        .extracting(Finding::answer)
        .singleElement()
        .satisfies(answer -> assertThat(answer.text()).isEqualTo("What?"));
  }

  @Test
  void aPictureIsEncodedOnceForAllQuestionsAndTheModelIsOpenedOnce() {
    Header.of("1").write(at("a"));
    var annotator = annotator();
    annotator.annotate(request(List.of("A?", "B?"), at("a")), heard);
    annotator.annotate(request(List.of("A?"), at("a")), heard);
    annotator.close();
    assertThat(model.diary)
        .containsExactly(
            "open default",
            "encode 0",
            "ask A? 99",
            "ask B? 99",
            "free",
            "encode 0",
            "ask A? 99",
            "free",
            "close default");
  }

  @Test
  void anotherModelTakesThePlaceOfTheOpenOne() {
    Header.of("1").write(at("a"));
    var annotator = annotator();
    annotator.annotate(request(at("a")), heard);
    annotator.annotate(
        new Request(
            List.of(at("a")),
            List.of("A?"),
            Optional.empty(),
            Optional.of(Path.of("other")),
            folder.resolve("out"),
            Set.of()),
        heard);
    annotator.close();
    annotator.close();
    assertThat(model.diary)
        .filteredOn(line -> line.startsWith("open") || line.startsWith("close"))
        .containsExactly("open default", "close default", "open other", "close other");
  }

  @Test
  void theDefaultProtocolIsAskedWhereNothingElseIsSaid() {
    Header.of("1").write(at("a"));
    annotator().annotate(request(List.of(), at("a")), heard);
    assertThat(heard.replies)
        .extracting(Reply::answer)
        .containsExactly("abdomen", "Sagittal", "No");
    assertThat(annotations.get(0).readings().get(0).findings().get(2).code().orElseThrow().value())
        .isEqualTo("373067005");
  }

  @Test
  void aReplyNamesStudyPictureFrameAndProbability() {
    Header.of("1")
        .modality("us")
        .frames(4)
        .number(7)
        .set(Tags.SERIES_NUMBER, "3")
        .set(PATIENT_ID, "PAT1")
        .set(Tags.STUDY_DESCRIPTION, "Abdomen")
        .write(at("cine.dcm"));
    annotate(at("cine.dcm"));
    assertThat(heard.replies).hasSize(2);
    Reply reply = heard.replies.get(1);
    assertThat(reply.study()).isEqualTo("PAT1 US Abdomen");
    assertThat(reply.picture()).isEqualTo("US series 3 image 7 frame 4 of 4 (cine.dcm)");
    assertThat(reply.question()).isEqualTo("What?");
    assertThat(reply.probability()).isEqualTo(0.25);
    assertThat(reply.time()).isPositive();
    assertThat(annotations.get(0).readings().get(1).frame()).isEqualTo(3);
    assertThat(annotations.get(0).readings().get(1).frames()).isEqualTo(4);
  }

  @Test
  void whatHasNoPictureIsLeftOutByNameAndIsNoError() throws IOException {
    Header.of("1").write(at("a"));
    Header.of("1").write(at("b"));
    Header.of("2").modality("SR").without(0x7FE00010).write(at("c"));
    Header.of("3").set(0x00080070, ResearchMark.MANUFACTURER).write(at("d"));
    Header.of("4").set(Tags.SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.66.4").write(at("e"));
    Header.of("5").set(Tags.IMAGE_TYPE, "ORIGINAL\\PRIMARY\\LOCALIZER").write(at("f"));
    Header.of("6").set(Tags.DIRECTORY_RECORD_SEQUENCE, "&a").write(at("DICOMDIR"));
    Files.writeString(at("g.json"), "{\"notice\": \"" + ResearchMark.NOTICE + "\"}");
    assertThat(annotate(at(""))).isEqualTo(new Summary(1, 1, 7, 0));
    assertThat(heard.of("skipped"))
        .containsExactlyInAnyOrder(
            "skipped DICOMDIR: DICOMDIR; the files of its folder are read anyway",
            "skipped b: same SOP Instance UID as a",
            "skipped c: no pixels (SR)",
            "skipped d: result of this program",
            "skipped e: segmentation, no picture",
            "skipped f: localizer",
            "skipped g.json: result of this program");
    assertThat(heard.of("failed")).isEmpty();
  }

  @Test
  void resultsOfAStudyAmongTheInputsAreHandedOnToBeRevised() {
    Header.of("1").write(at("a"));
    Header.of("2").study("2").write(at("b"));
    Header.of("3").set(0x00080070, ResearchMark.MANUFACTURER).write(at("c"));
    annotate(at(""));
    assertThat(revised).containsExactly(List.of(at("c")), List.of());
  }

  @Test
  void theFolderOfTheResultsIsLeftOutBelowAnInputButReadWhereItIsTheInput() {
    Header.of("1").write(at("a"));
    Header.of("2").write(folder.resolve("out/b"));
    assertThat(annotate(folder)).isEqualTo(new Summary(1, 1, 1, 0));
    assertThat(heard.of("skipped")).containsExactly("skipped out: folder of the results");
    assertThat(annotate(folder.resolve("out"))).isEqualTo(new Summary(1, 1, 0, 0));
  }

  @Test
  void badFilesAmongGoodOnesAreNamedAndTheGoodOnesAreDone() throws IOException {
    Header.of("1").write(at("good"));
    Files.writeString(at("text"), "no DICOM");
    Header.of("2").without(Tags.SERIES_INSTANCE_UID).write(at("nouid"));
    Header.of("3").study("3").frames(9).set(BROKEN, "damaged").write(at("broken"));
    Path missing = at("missing");
    assertThat(annotate(at(""), missing)).isEqualTo(new Summary(1, 1, 0, 4));
    assertThat(heard.of("failed"))
        .containsExactly(
            "failed %s: Series Instance UID (0020,000E) is missing, and results refer to it. Give the object its identifiers or export it again."
                .formatted(at("nouid")),
            "failed %s: no DICOM object. Name a DICOM file.".formatted(at("text")),
            "failed %s: no such file or folder, or a link to nothing. Name an existing one."
                .formatted(missing),
            "failed %s: the pixels are damaged. Copy it again.".formatted(at("broken")));
    assertThat(heard.of("written")).containsExactly("written 1 [a warning]");
  }

  @Test
  void anUnexpectedErrorOfOnePictureIsNamedAndTheOthersAreDone() {
    Header.of("1").number(1).write(at("a"));
    Header.of("2").number(2).set(BROKEN, "bug").write(at("b"));
    assertThat(annotate(at(""))).isEqualTo(new Summary(1, 1, 0, 1));
    assertThat(heard.of("failed"))
        .containsExactly(
            "failed %s: reading frame 1 failed unexpectedly (java.lang.IllegalStateException: a bug). Report this as an error of the program."
                .formatted(at("b")));
    assertThat(annotations.get(0).readings()).hasSize(1);
  }

  @Test
  void aPictureThatTheModelRefusesIsNamedAndTheOthersAreDone() {
    Header.of("1").number(1).write(at("a"));
    Header.of("2").number(2).write(at("b"));
    model.onEncode =
        () -> {
          model.onEncode = () -> {};
          throw ImagingException.unsupported("picture", "a size of 9 x 9", "Cut it");
        };
    assertThat(annotate(at(""))).isEqualTo(new Summary(1, 1, 0, 1));
    assertThat(heard.of("failed"))
        .containsExactly(
            "failed %s: picture: a size of 9 x 9 is not supported. Cut it.".formatted(at("a")));
  }

  @Test
  void nothingToReadOpensNoModel() {
    Header.of("1").without(0x7FE00010).write(at("a"));
    assertThat(annotate(at("a"))).isEqualTo(new Summary(0, 0, 1, 0));
    assertThat(heard.lines).contains("planned 0 0");
    assertThat(model.diary).isEmpty();
  }

  @Test
  void aDicomdirThatIsNamedLeadsToItsFiles() {
    Header.of("1").number(1).write(at("disc/IMAGES/A1"));
    Header.of("2").number(2).write(at("disc/images2/a2"));
    Header.of("3").number(3).write(at("disc/UNLISTED"));
    Header.of("4").write(at("secret"));
    Path dicomdir =
        Header.of("0")
            .without(0x7FE00010)
            .set(Tags.DIRECTORY_RECORD_SEQUENCE, "&|IMAGES\\A1|IMAGES2\\A2|IMAGES\\GONE|..\\secret")
            .write(at("disc/DICOMDIR"));
    assertThat(annotate(dicomdir)).isEqualTo(new Summary(1, 2, 0, 2));
    assertThat(heard.of("answered"))
        .containsExactly("answered CT image 1 (A1) What?", "answered CT image 2 (a2) What?");
    assertThat(heard.of("failed"))
        .containsExactly(
            "failed %s: refers to the file IMAGES/GONE, which is not there. Copy the whole medium."
                .formatted(dicomdir),
            "failed %s: refers to the file ../secret, which is not there. Copy the whole medium."
                .formatted(dicomdir));
  }

  @Test
  void linksThatLeadInCirclesOrTwiceToAFileAreFollowedOnce() throws IOException {
    Path file = Header.of("1").write(at("a/x"));
    Files.createSymbolicLink(at("a/up"), at(""));
    Files.createSymbolicLink(at("b"), at("a"));
    Files.createSymbolicLink(at("dangling"), at("nowhere"));
    assertThat(annotate(at(""), file)).isEqualTo(new Summary(1, 1, 0, 1));
    assertThat(heard.of("failed")).singleElement().asString().contains("a link to nothing");
  }

  @Test
  void anInterruptStopsBetweenTwoQuestionsAndWritesNothingOfTheStudy() {
    Header.of("1").write(at("a"));
    Header.of("2").study("2").write(at("b"));
    model.onAnswer = () -> Thread.currentThread().interrupt();
    Summary summary = annotator().annotate(request(List.of("A?", "B?"), at("")), heard);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(summary.studies()).isZero();
    assertThat(annotations).isEmpty();
    assertThat(model.diary).containsExactly("open default", "encode 0", "ask A? 99", "free");
  }

  @Test
  void anInterruptInsideTheModelIsNoErrorOfTheModel() {
    Header.of("1").write(at("a"));
    model.onAnswer =
        () -> {
          Thread.currentThread().interrupt();
          throw ModelException.invalid("model", "is closed", "Open it again");
        };
    assertThat(annotate(at("a"))).isEqualTo(new Summary(0, 0, 0, 0));
    assertThat(model.diary).contains("free");
  }

  @Test
  void aModelThatFailsEndsTheRequest() {
    Header.of("1").write(at("a"));
    model.onAnswer =
        () -> {
          throw ModelException.contextOverflow(9, 8);
        };
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> annotate(at("a")))
        .withMessageContaining("need 9 positions");
    assertThat(model.diary).contains("free");
  }

  @Test
  void deactivationWaitsForTheRequestInFlight() throws InterruptedException {
    Header.of("1").write(at("a"));
    var annotator = annotator();
    var closing = new Thread(annotator::close);
    model.onAnswer =
        () -> {
          closing.start();
          while (closing.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
          }
          model.diary.add("answered");
        };
    annotator.annotate(request(List.of("A?", "B?"), at("a")), heard);
    closing.join();
    assertThat(model.diary)
        .containsExactly(
            "open default", "encode 0", "ask A? 99", "answered", "free", "close default");
  }

  @Test
  void aStudyThatCannotBeWrittenFailsAndTheOthersAreDone() {
    Header.of("1").write(at("a"));
    diskFull = true;
    assertThat(annotate(at("a"))).isEqualTo(new Summary(0, 1, 0, 1));
    assertThat(heard.of("failed"))
        .containsExactly(
            "failed %s: the disk is full. Free some space.".formatted(folder.resolve("out")));
  }

  @Test
  void anUnexpectedErrorOfOneStudyIsNamedAndTheOthersAreDone() {
    Header.of("1").write(at("a"));
    Header.of("2").study("2").write(at("b"));
    unwritable = "1";
    assertThat(annotate(at(""))).isEqualTo(new Summary(1, 2, 0, 1));
    assertThat(heard.of("failed"))
        .containsExactly(
            "failed Study 1: writing its results failed unexpectedly (java.lang.IllegalStateException: a bug). Report this as an error of the program.");
    assertThat(heard.of("written")).containsExactly("written 2 [a warning]");
  }

  @Test
  void anOutputFolderThatIsAFileIsRefusedBeforeAnyWork() throws IOException {
    Header.of("1").write(at("a"));
    Path file = Files.writeString(folder.resolve("out"), "");
    assertThatExceptionOfType(AnnotationException.class)
        .isThrownBy(() -> annotate(at("a")))
        .withMessage(
            file + ": it cannot be written, since a file is in its way. Name another place.");
    assertThat(model.diary).isEmpty();
  }

  @Test
  void anOutputFolderThatCannotBeMadeIsRefusedBeforeAnyWork() throws IOException {
    Header.of("1").write(at("a"));
    Path nowhere = folder.resolve("nowhere");
    Path out = Files.createSymbolicLink(folder.resolve("out"), nowhere);
    assertThatExceptionOfType(AnnotationException.class)
        .isThrownBy(() -> annotate(at("a")))
        .withMessageStartingWith(out + ": it cannot be written, since ");
    assertThat(model.diary).isEmpty();
    assertThat(nowhere).doesNotExist();
  }

  @Test
  void theTrialOfTheOutputFolderLeavesNothing() {
    Request request =
        new Request(
            List.of(at("none")),
            List.of("A?"),
            Optional.empty(),
            Optional.empty(),
            folder.resolve("results/of/today"),
            Set.of());
    annotator().annotate(request, heard);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aBrokenModelIsNamed() {
    Header.of("1").write(at("a"));
    var request =
        new Request(
            List.of(at("a")),
            List.of("A?"),
            Optional.empty(),
            Optional.of(Path.of("broken")),
            folder.resolve("out"),
            Set.of());
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> annotator().annotate(request, heard))
        .withMessage("broken: is no model. Import one.");
  }

  @Test
  void settingsThatAreOutOfRangeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AnnotatorSettings(Optional.empty(), 0, 1, 1))
        .withMessage("frames in the configuration org.llavamed.annotator is 0, expected 1 to 1000");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AnnotatorSettings(Optional.empty(), 1, 0, 1))
        .withMessageContaining("stillsPerSeries");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AnnotatorSettings(Optional.empty(), 1, 1, -1))
        .withMessageContaining("maxNewTokens");
  }
}
