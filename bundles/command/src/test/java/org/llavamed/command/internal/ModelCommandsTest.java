package org.llavamed.command.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Terminal;
import org.llavamed.inference.ModelBenchmark.Plan;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.ModelImporter;
import org.llavamed.inference.Precision;

class ModelCommandsTest {
  private static final String CARD =
      """
      name         fake
      version      7
      identity     cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd
      precision    fp32
      template     plain
      preparation  none
      licence      CC0-1.0
      source       a?b
      RESEARCH USE ONLY - NOT FOR CLINICAL USE
      """;

  @TempDir Path folder;

  private final List<String> imports = new ArrayList<>();
  private final List<Plan> plans = new ArrayList<>();
  private final ModelImporter importer =
      (request, progress) -> {
        Path checkpoint = request.checkpoint();
        if (checkpoint.endsWith("bad")) {
          throw ModelException.invalid(checkpoint, "config.json is missing", "Name a checkpoint");
        }
        progress.at("decoder", 1, 2);
        imports.add(checkpoint.getFileName() + " " + request.precisions().decoder());
        FakeRuntime.write(request.out());
        return FakeRuntime.CARD;
      };
  private final FakeRuntime runtime = new FakeRuntime();
  private final Console console =
      new Console()
          .with("model", () -> new ImportCommand(importer))
          .with("model", () -> new RandomCommand(new FakeRandomModels(imports)))
          .with("model", () -> new ShowCommand(runtime))
          .with(() -> new DoctorCommand(runtime))
          .with("bench", () -> new BenchRuntimeCommand(new FakeBenchmark(plans), runtime))
          .with(() -> new BenchCommand(FakeImaging.pictures(), runtime));

  @BeforeEach
  void home() {
    System.setProperty(Home.PROPERTY, folder.toString());
    System.setProperty(Terminal.PROPERTY, "false");
  }

  @AfterEach
  void noHome() {
    System.clearProperty(Home.PROPERTY);
    System.clearProperty(Terminal.PROPERTY);
  }

  @Test
  void importShowsProgressAndTheCard() {
    String out = folder.resolve("m").toString();
    assertThat(console.run("model", "import", folder.toString(), "--out", out)).isZero();
    assertThat(imports).containsExactly(folder.getFileName() + " FP32");
    assertThat(console.out())
        .isEqualTo(
            "folder       "
                + out
                + "\n"
                + CARD.replace(
                    "RESEARCH",
                    """
                    self-check   equalNextTokens 0.95
                    self-check   notRun too large?
                    RESEARCH"""));
    assertThat(console.err()).isEqualTo("decoder: 1 of 2\n");
    assertThat(
            console.run("model", "import", folder.toString(), "--out", out, "--precision", "int8"))
        .isZero();
    assertThat(imports.get(1)).endsWith(Precision.INT8.name());
  }

  @Test
  void importWithWrongArgumentsIsAUsageError() throws IOException {
    assertThat(console.run("model", "import", folder.toString())).isEqualTo(2);
    assertThat(console.err())
        .startsWith("llavamed: Missing required option: '--out=DIR'.\n")
        .endsWith("Try 'llavamed model import --help'.\n");
    assertThat(console.run("model", "import", folder + "/gone", "--out", "m")).isEqualTo(2);
    assertThat(console.err()).startsWith("llavamed: " + folder + "/gone: no such folder.\n");
    assertThat(console.run("model", "import", folder.toString(), "--out", "m", "--precision", "q4"))
        .isEqualTo(2);
    assertThat(console.err()).contains("'--precision'", "q4");
    Path bad = Files.createDirectory(folder.resolve("bad"));
    assertThat(console.run("model", "import", bad.toString(), "--out", "m")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo("llavamed: " + bad + ": config.json is missing. Name a checkpoint.\n");
  }

  @Test
  void randomMakesAModelOrACheckpoint() {
    assertThat(
            console.run(
                "model",
                "random",
                "--shape",
                "small",
                "--out",
                "m",
                "--precision",
                "int4",
                "--seed",
                "5"))
        .isZero();
    assertThat(console.out()).isEqualTo("folder       m\n" + CARD);
    assertThat(console.run("model", "random", "--shape", "small", "--out", "c", "--checkpoint"))
        .isZero();
    assertThat(console.out()).isEqualTo(ResearchMark.NOTICE + "\n");
    assertThat(console.err()).isEqualTo("made c\n");
    assertThat(imports).containsExactly("model small 5 m INT4", "checkpoint small 0 c FP32");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--precision=int4",
        "--vision=int8",
        "--decoder=int4",
        "--prefill=none",
        "--lm-head=int4",
        "--block=64"
      })
  void aCheckpointHasNoOtherPrecision(String option) {
    assertThat(
            console.run(
                "model", "random", "--shape", "small", "--out", "c", "--checkpoint", option))
        .isEqualTo(2);
    assertThat(console.err())
        .startsWith(
            "llavamed: --checkpoint makes float16 alone; leave out the options of precisions.\n");
    assertThat(imports).isEmpty();
  }

  @Test
  void aShapeThatIsUnknownIsAUsageError() {
    assertThat(console.run("model", "random", "--shape", "huge", "--out", "m")).isEqualTo(2);
    assertThat(console.err()).startsWith("llavamed: --shape is huge, expected one of [small].\n");
  }

  @Test
  void showPrintsTheCardOfTheDefaultOrTheNamedModel() {
    assertThat(console.run("model", "show")).isZero();
    assertThat(console.out())
        .isEqualTo(
            "folder       default\n"
                + CARD.replace("RESEARCH", "self-check   answers 91 of 91?\nRESEARCH"));
    assertThat(console.run("model", "show", folder.toString())).isZero();
    assertThat(console.out()).startsWith("folder       " + folder + "\n");
    assertThat(runtime.diary).isEmpty();
    assertThat(console.run("model", "show", folder + "/gone")).isEqualTo(2);
  }

  @Test
  void showOfADamagedModelSaysWhatIsWrong() throws IOException {
    Path bad = Files.createDirectory(folder.resolve("bad"));
    assertThat(console.run("model", "show", bad.toString())).isEqualTo(1);
    assertThat(console.err()).isEqualTo("llavamed: " + bad + ": is damaged. Copy it again.\n");
    assertThat(console.out()).isEmpty();
  }

  @Test
  void showOfAModelThatDoesNotRunPrintsItsCardAndWhyNot() throws IOException {
    Path large = Files.createDirectory(folder.resolve("large"));
    assertThat(console.run("model", "show", large.toString())).isEqualTo(1);
    assertThat(console.out())
        .startsWith("folder       " + large + "\nname         fake\n")
        .endsWith(ResearchMark.NOTICE + "\n");
    assertThat(console.err()).isEqualTo("llavamed: " + large + ": is too large. Buy memory.\n");
  }

  @Test
  void doctorSaysWhatTheMachineHasAndWhatTheModelNeeds() {
    assertThat(console.run("doctor")).isZero();
    assertThat(console.err()).isEmpty();
    assertThat(console.out())
        .isEqualTo(
            """
            processor    A CPU; 4 cores, 8 threads may be used; avx2
            memory       16.00 GB, 9.00 GB available
            java         VM 17; heap up to 0 MB, buffers outside of it up to 0 MB
            engine       Engine 1.2 with CPU; 4 threads, awake for 10 us without work
            runs on      the CPU: because
            model        default
            name         fake 7
            identity     %s
            precision    fp32
            files        3 files, 2.00 GB, every hash is right
            needs        4.00 GB: weights 2.50 GB, key-value cache 262 MB per 1,000 tokens (room for 4096), working memory; it fits
            decode       onnx/a_q4.onnx
            prefill      onnx/a_int8.onnx
            since        int8 for prompts and int4
            graph             prefill tok/s  positions a run  decode tok/s  8 together  picture s
            onnx/a_int8.onnx  640.0          64               16.0          48.0
            onnx/v.onnx                                                                 1.250
            self-check   answers 91 of 91?
            verdict      the model runs on this machine
            RESEARCH USE ONLY - NOT FOR CLINICAL USE
            """
                .formatted("cd".repeat(32)));
  }

  @Test
  void doctorOfAModelThatDoesNotRunExitsWithOne() throws IOException {
    Path bad = Files.createDirectory(folder.resolve("bad"));
    assertThat(console.run("doctor", "--model", bad.toString())).isEqualTo(1);
    assertThat(console.out())
        .contains(
            "PROBLEM      " + bad + ": is damaged. Copy it again.\n",
            "verdict      the model does not run\n",
            ResearchMark.NOTICE);
    assertThat(console.run("doctor", "--model", folder + "/gone")).isEqualTo(2);
  }

  @Test
  void doctorPrintsJson() throws IOException {
    assertThat(console.run("doctor", "--json")).isZero();
    JsonNode json = new ObjectMapper().readTree(console.out());
    assertThat(json.get("healthy").asBoolean()).isTrue();
    assertThat(json.get("notice").asText()).isEqualTo(ResearchMark.NOTICE);
    assertThat(json.get("machine").get("availableBytes").asLong()).isEqualTo(9_000_000_000L);
    assertThat(json.get("model").get("need").get("fits").asBoolean()).isTrue();
    assertThat(json.get("model").get("measurements")).hasSize(2);
  }

  @Test
  void benchPrintsJsonOfWhatItMeasured() throws IOException {
    Path samples = Files.createDirectory(folder.resolve("samples"));
    Files.writeString(samples.resolve("README.md"), "text");
    Files.writeString(samples.resolve("a.dcm"), "dicom UINT8 3 1 1,2");
    Files.writeString(samples.resolve("b.dcm"), "dicom UINT8 1 1 1,2");
    assertThat(console.run("bench", "--repeats", "3")).isZero();
    JsonNode json = new ObjectMapper().readTree(console.out());
    assertThat(json.get("startToFirstAnswerSeconds").asDouble()).isPositive();
    assertThat(json.get("decodeAndRenderPicturesPerSecond").asDouble()).isPositive();
    assertThat(json.get("encodePictureSeconds").asDouble()).isPositive();
    assertThat(json.get("prefillTokensPerSecond").asDouble()).isNotNegative();
    assertThat(json.get("decodeTokensPerSecond").asDouble()).isNotNegative();
    assertThat(json.get("samplePictures").asInt()).isEqualTo(4);
    assertThat(json.get("processor").asText()).isNotBlank();
    assertThat(json.get("processors").asInt()).isPositive();
    assertThat(json.get("model").get("name").asText()).isEqualTo("fake");
    assertThat(json.get("notice").asText()).isEqualTo(ResearchMark.NOTICE);
    assertThat(runtime.diary).containsExactly("open default", "close");
    assertThat(console.err())
        .isEqualTo(
            """
            measuring decode and render
            measuring the vision tower
            measuring prefill and decode
            """);
  }

  @Test
  void benchWithoutSamplesIsNamed() {
    assertThat(console.run("bench")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            "llavamed: %s: the samples are not there. Unpack the distribution again.\n"
                .formatted(folder.resolve("samples")));
    assertThat(console.run("bench", "--repeats", "0")).isEqualTo(2);
    assertThat(console.err()).startsWith("llavamed: --repeats is 0, expected 1 or more.\n");
  }

  @Test
  void benchRuntimeMeasuresEachModelAndComparesItWithItsPeers() throws IOException {
    Path peers = folder.resolve("peers.txt");
    Files.writeString(
        peers,
        """
        llama.cpp ctx 640 prefill 10.0 decode 4.0
        llama.cpp ctx 640 prefill 40.0 decode 5.0
        llama.cpp ctx 640 prefill 20.0 decode 8.0
        openvino ov/model dir ctx 1024 prefill 50.5 decode 10.0
        llama.cpp 20 questions of one prefix of 640: 8.0 s
        torch-float32 vision of a picture: 0.75 s
        """);
    Path tower = Files.createDirectory(folder.resolve("tower"));
    assertThat(
            console.run(
                "bench",
                "runtime",
                "--model",
                folder.toString(),
                "--model",
                tower.toString(),
                "--peers",
                peers.toString()))
        .isZero();
    JsonNode json = new ObjectMapper().readTree(console.out());
    assertThat(json.at("/models/0/figures/0/name").asText()).isEqualTo("prefill of 640");
    assertThat(json.at("/models/0/figures/0/median").asDouble()).isEqualTo(50);
    assertThat(json.at("/models/0/host/processor").asText()).isEqualTo("x86 of " + folder);
    assertThat(json.get("ratios"))
        .extracting(
            ratio ->
                "%s %s %s"
                    .formatted(
                        ratio.get("peer").asText(),
                        ratio.get("figure").asText(),
                        ratio.get("ratio").asText()))
        .containsExactly(
            "llama.cpp prefill of 640 2.5",
            "openvino decode at 1024 1.5",
            "llama.cpp 20 questions of one prefix of 640 2.0",
            "torch-float32 vision of a picture 1.5");
    assertThat(json.at("/ratios/2/unit").asText()).isEqualTo("s");
    assertThat(json.at("/ratios/3/model").asText()).isEqualTo(tower.toString());
    assertThat(json.get("notice").asText()).isEqualTo(ResearchMark.NOTICE);
    assertThat(console.err())
        .isEqualTo(
            """
            measuring: 1 of 2
            llavamed: no model has the figure 'decode at 640' of llama.cpp.
            llavamed: no model has the figure 'prefill of 1024' of openvino.
            """);
  }

  @Test
  void linesOfPeersThatHaveNoFormAreNamed() throws IOException {
    Path peers = folder.resolve("peers.txt");
    Files.writeString(
        peers,
        """
        loading \u001b[1m 50 %

        llama.cpp ctx 640 prefill 1.2.3 decode 4.0
        llama.cpp ctx 640 prefill 0.0 decode 5.0
        vision of a picture took: 1 s
        llama.cpp ctx 640 prefill 25.0 decode 8
        """);
    assertThat(console.run("bench", "runtime", "--peers", peers.toString())).isZero();
    assertThat(new ObjectMapper().readTree(console.out()).at("/ratios/0/ratio").asDouble())
        .isEqualTo(2);
    assertThat(console.err())
        .startsWith(
            """
            llavamed: PEERS, not read: line 1: loading ?[1m 50 %
            llavamed: PEERS, not read: line 3: llama.cpp ctx 640 prefill 1.2.3 decode 4.0
            llavamed: PEERS, not read: line 4: llama.cpp ctx 640 prefill 0.0 decode 5.0
            """
                .replace("PEERS", peers.toString()))
        .contains("no model has the figure 'of a picture took' of vision.\n");
  }

  @Test
  void benchRuntimeMeasuresAsOftenAsWantedAndBesideABusyThread() {
    assertThat(console.run("bench", "runtime")).isZero();
    assertThat(console.run("bench", "runtime", "--repeats", "3", "--busy")).isZero();
    assertThat(plans).containsExactly(new Plan(5, false), new Plan(3, true));
  }

  @Test
  void benchRuntimeNamesWrongArguments() throws IOException {
    assertThat(console.run("bench", "runtime", "--repeats", "0")).isEqualTo(2);
    assertThat(console.err()).startsWith("llavamed: --repeats is 0, expected 1 or more.\n");
    assertThat(console.run("bench", "runtime", "--model", folder + "/gone")).isEqualTo(2);
    assertThat(console.err()).startsWith("llavamed: --model " + folder + "/gone: no such folder.");
    Path peers = folder.resolve("peers.txt");
    Files.writeString(peers, "nothing was measured");
    assertThat(console.run("bench", "runtime", "--peers", peers.toString())).isEqualTo(2);
    assertThat(console.err())
        .startsWith(
            "llavamed: --peers "
                + peers
                + ": no line reads 'NAME ... ctx N prefill X decode Y' or 'NAME FIGURE: X s', as the"
                + " scripts in docs/performance.md print.");
  }

  @Test
  void theMedianIsOfTheRunsAfterTheFirst() {
    var runs = new ArrayList<Integer>();
    assertThat(Stopwatch.median(4, () -> runs.add(1))).isPositive();
    assertThat(runs).hasSize(5);
  }
}
