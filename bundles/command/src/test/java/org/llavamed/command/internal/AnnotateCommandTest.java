package org.llavamed.command.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.annotation.AnnotationException;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.annotation.ResultWriter.ResultFile;
import org.llavamed.annotation.StudyAnnotator.Listener;
import org.llavamed.annotation.StudyAnnotator.Reply;
import org.llavamed.annotation.StudyAnnotator.Request;
import org.llavamed.annotation.StudyAnnotator.Summary;
import org.llavamed.command.Terminal;
import org.llavamed.inference.ModelException;

class AnnotateCommandTest {
  @TempDir Path folder;

  private final List<Request> requests = new ArrayList<>();
  private BiFunction<Request, Listener, Summary> work = (request, heard) -> twoAnswers(heard);
  private final Console console =
      new Console()
          .with(() -> new AnnotateCommand(this::annotate))
          .with(() -> new DemoCommand(this::annotate));

  private Summary annotate(Request request, Listener listener) {
    requests.add(request);
    return work.apply(request, listener);
  }

  private static Summary twoAnswers(Listener heard) {
    heard.planned(1, 1);
    heard.answered(
        new Reply(
            "P1 MR", "MR image 3 (a.dcm)", "What organ?", "Brain", 0.876, Duration.ofMillis(1234)));
    heard.answered(
        new Reply(
            "P1 MR", "MR image 3 (a.dcm)", "Abnormal?", "No\u001b[1m", 1, Duration.ofMillis(56)));
    heard.written(
        "1.2", List.of(new ResultFile(Format.JSON, Path.of("out", "x.json"), "")), List.of());
    return new Summary(1, 1, 0, 0);
  }

  @BeforeEach
  void noTerminal() {
    System.setProperty(Terminal.PROPERTY, "false");
  }

  @AfterEach
  void clean() {
    System.clearProperty(Terminal.PROPERTY);
    System.clearProperty(Home.PROPERTY);
    Thread.interrupted();
  }

  @Test
  void theTableTheNoticeAndTheFilesArePrinted() {
    assertThat(console.run("annotate", "a.dcm", "--out", "/data/results")).isZero();
    assertThat(console.out())
        .isEqualTo(
            """
            STUDY  PICTURE             QUESTION     ANSWER  PROBABILITY  TIME
            P1 MR  MR image 3 (a.dcm)  What organ?  Brain   0.88         1.23 s
            P1 MR  MR image 3 (a.dcm)  Abnormal?    No?[1m  1.00         56 ms

            RESEARCH USE ONLY - NOT FOR CLINICAL USE
            1 picture read in 1 study.
            1 result in /data/results:
              out/x.json
            """);
    assertThat(console.err())
        .isEqualTo(
            """
            reading the inputs
            1 study, 1 picture to read
            MR image 3 (a.dcm): 1 of 1
            """);
  }

  @Test
  void defaultsAreAllFormatsTheDefaultProtocolAndTheFolderBeside() {
    assertThat(console.run("annotate", "a", "b")).isZero();
    Request request = requests.get(0);
    assertThat(request.inputs()).containsExactly(Path.of("a"), Path.of("b"));
    assertThat(request.out()).isEqualTo(Path.of("llavamed-out"));
    assertThat(request.formats()).isEmpty();
    assertThat(request.questions()).isEmpty();
    assertThat(request.protocol()).isEmpty();
    assertThat(request.model()).isEmpty();
  }

  @Test
  void optionsReachTheAnnotator() throws IOException {
    Path model = Files.createDirectory(folder.resolve("m"));
    assertThat(
            console.run(
                "annotate",
                "a",
                "--question",
                "A?",
                "--question",
                "B?",
                "--model",
                model.toString(),
                "--format",
                "json,SC"))
        .isZero();
    assertThat(requests.get(0).questions()).containsExactly("A?", "B?");
    assertThat(requests.get(0).model()).contains(model);
    assertThat(requests.get(0).formats()).containsExactlyInAnyOrder(Format.JSON, Format.SC);
    assertThat(console.run("annotate", "a", "--protocol", "p.yaml")).isZero();
    assertThat(requests.get(1).protocol()).contains(Path.of("p.yaml"));
  }

  @Test
  void failuresAreNamedAtOnceAndTheExitCodeIsOne() {
    work =
        (request, heard) -> {
          for (int i = 0; i < 7; i++) {
            heard.skipped(Path.of("in", "sr" + i), "no pixels (SR)");
          }
          heard.skipped(Path.of("in", "copy"), "same SOP Instance UID as a");
          heard.failed("in/x: is empty. Copy it again.");
          heard.planned(0, 0);
          return new Summary(0, 0, 8, 1);
        };
    assertThat(console.run("annotate", "in")).isEqualTo(1);
    assertThat(console.err()).contains("failed: in/x: is empty. Copy it again.\n");
    assertThat(console.out())
        .isEqualTo(
            """
            RESEARCH USE ONLY - NOT FOR CLINICAL USE
            0 pictures read in 0 studies.
            Left out 7, no pixels (SR): sr0, sr1, sr2, sr3, sr4 and 2 more
            Left out 1, same SOP Instance UID as a: copy
            Failed: 1 input, named above.
            """);
  }

  @Test
  void aRunThatFindsNothingToReadSaysSo() {
    work = (request, heard) -> new Summary(0, 0, 0, 0);
    assertThat(console.run("annotate", "in")).isZero();
    assertThat(console.out())
        .endsWith("Nothing to read; name files or folders that hold DICOM pictures.\n");
  }

  @Test
  void warningsAreShownAndManyFilesInShortOnATerminal() {
    work =
        (request, heard) -> {
          List<ResultFile> files =
              IntStream.range(0, 23)
                  .mapToObj(i -> new ResultFile(Format.SC, Path.of("f" + i), "1.2." + i))
                  .toList();
          heard.written("1", files, List.of("Study Date is no date; left empty."));
          return new Summary(1, 23, 0, 0);
        };
    assertThat(console.run("annotate", "in")).isZero();
    assertThat(console.err()).contains("note: Study Date is no date; left empty.\n");
    assertThat(console.out()).contains("23 results in ", "  f22\n").doesNotContain("more");
    System.setProperty(Terminal.PROPERTY, "true");
    assertThat(console.run("annotate", "in")).isZero();
    assertThat(console.out())
        .contains("23 results in ", "  f19\n  and 3 more there\n")
        .doesNotContain("f20");
  }

  @Test
  void anInterruptIsSaidAndTheExitCodeIsOne() {
    work =
        (request, heard) -> {
          Thread.currentThread().interrupt();
          return new Summary(0, 1, 0, 0);
        };
    assertThat(console.run("annotate", "in")).isEqualTo(1);
    assertThat(console.out())
        .endsWith("Interrupted; the results above are whole, the rest was not begun.\n");
  }

  @Test
  void wrongArgumentsAreUsageErrors() {
    assertThat(console.run("annotate")).isEqualTo(2);
    assertThat(console.err())
        .isEqualTo(
            "llavamed: Missing required parameter: 'PATH'.\nTry 'llavamed annotate --help'.\n");
    assertThat(console.run("annotate", "a", "--question", "A?", "--protocol", "p")).isEqualTo(2);
    assertThat(console.err())
        .startsWith("llavamed: Give either --question or --protocol, not both.\n");
    assertThat(console.run("annotate", "a", "--format", "docx")).isEqualTo(2);
    assertThat(console.err())
        .startsWith("llavamed: Invalid value for option '--format'")
        .contains("docx");
    assertThat(requests).isEmpty();
  }

  @Test
  void aBadProtocolIsAUsageErrorAndABadModelIsNot() {
    work =
        (request, heard) -> {
          throw AnnotationException.invalid("p.yaml, line 3", "unknown key 'x'", "Correct it");
        };
    assertThat(console.run("annotate", "a", "--protocol", "p.yaml")).isEqualTo(2);
    assertThat(console.err())
        .endsWith(
            "llavamed: p.yaml, line 3: unknown key 'x'. Correct it.\nTry 'llavamed annotate --help'.\n");
    work =
        (request, heard) -> {
          throw ModelException.invalid("m", "is no model", "Import one");
        };
    assertThat(console.run("annotate", "a")).isEqualTo(1);
    assertThat(console.err()).endsWith("llavamed: m: is no model. Import one.\n");
  }

  @Test
  void theDemoAnnotatesTheSamples() throws IOException {
    System.setProperty(Home.PROPERTY, folder.toString());
    Path samples = folder.resolve("samples");
    assertThat(console.run("demo")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            "llavamed: "
                + samples
                + ": the samples are not there. Unpack the distribution again.\n");
    Files.createDirectories(samples.resolve("mr"));
    Files.writeString(samples.resolve("README.md"), "text");
    Path sample = Files.writeString(samples.resolve("mr/a.dcm"), "dicom");
    assertThat(console.run("demo", "--out", "d")).isZero();
    assertThat(requests.get(0).inputs()).containsExactly(sample);
    assertThat(requests.get(0).out()).isEqualTo(Path.of("d"));
    assertThat(console.out()).contains("Brain", ResearchMark.NOTICE);
  }
}
