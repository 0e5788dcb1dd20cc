package org.llavamed.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.distribution.Product.Outcome;
import org.llavamed.distribution.Product.Running;

/** The way of a user's own weights, from the checkpoint to the answer, with random ones. */
final class ModelIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NOTICE = "RESEARCH USE ONLY";

  @TempDir Path folder;

  @Test
  void aCheckpointIsImportedShownExaminedAskedAndMeasured() throws Exception {
    String checkpoint = folder.resolve("checkpoint").toString();
    String model = folder.resolve("model").toString();
    String random = folder.resolve("random").toString();
    run("model", "random", "--shape", "llava-tiny", "--checkpoint", "--out", checkpoint);
    String imported = run("model", "import", checkpoint, "--precision", "int4", "--out", model);
    assertThat(imported)
        .contains("precision    int4\n", "self-check   equalNextTokens ", NOTICE)
        .doesNotContain("notRun");
    assertThat(
            run("model", "random", "--shape", "llava-tiny", "--precision", "int4", "--out", random))
        .contains("identity     " + identity(imported));

    examine(model);
    ask(model);
    measure(model);
  }

  private static String identity(String card) {
    String identity = card.replaceAll("(?s).*\nidentity +(\\w+)\n.*", "$1");
    assertThat(identity).matches("[0-9a-f]{64}");
    return identity;
  }

  private void examine(String model) throws Exception {
    assertThat(run("model", "show", model))
        .contains("folder       " + model, "self-check   equalNextTokens ", NOTICE);

    JsonNode doctor = JSON.readTree(run("doctor", "--json", "--model", model));
    assertThat(doctor.path("healthy").asBoolean()).isTrue();
    assertThat(doctor.at("/model/graphs/prefill").asText()).startsWith("onnx/");
    assertThat(doctor.path("notice").asText()).startsWith(NOTICE);
  }

  private void ask(String model) throws Exception {
    String[] few = {"--max-new-tokens", "4", "--json", "--model", model};
    JsonNode seen = ask(few, Samples.brain().toString(), "What is shown?");
    JsonNode read = ask(few, "--no-picture", "What is shown?");
    assertThat(seen.path("promptTokens").asInt()).isGreaterThan(read.path("promptTokens").asInt());
    assertThat(read.path("notice").asText()).startsWith(NOTICE);
  }

  private void measure(String model) throws Exception {
    Path peers = folder.resolve("peers.txt");
    Files.writeString(peers, "another vision of a picture: 0.5 s\n");
    String[] bench = {
      "bench", "runtime", "--repeats", "1", "--model", model, "--peers", peers.toString()
    };
    JsonNode speed = JSON.readTree(run(bench));
    assertThat(speed.at("/models/0/figures"))
        .extracting(figure -> figure.path("name").asText())
        .contains("prefill of 640", "decode at 128", "vision of a picture", "load");
    assertThat(speed.at("/ratios/0/ratio").asDouble()).isPositive();
  }

  @Test
  void ctrlCWhileAModelIsMadeLeavesNothing() throws Exception {
    Path out = Files.createDirectory(folder.resolve("out"));
    Running running =
        Product.start(
            folder,
            "model",
            "random",
            "--shape",
            "tinyllama-1.1b",
            "--out",
            out.resolve("m").toString());
    waitForFiles(out, running);
    Product.program(folder, "sh", "-c", "kill -INT " + running.process().pid());
    Outcome outcome = Product.finish(running);

    assertThat(outcome.err()).doesNotContain("SIGSEGV", "Exception", "internal error");
    assertThat(outcome.code()).isEqualTo(130);
    assertThat(out).isEmptyDirectory();
  }

  private static void waitForFiles(Path out, Running running) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (running.process().isAlive()
        && System.nanoTime() < end
        && Product.files(out).stream().noneMatch(file -> file.toString().endsWith("safetensors"))) {
      Thread.sleep(20);
    }
  }

  private JsonNode ask(String[] options, String... arguments) throws Exception {
    String[] all = new String[1 + arguments.length + options.length];
    all[0] = "ask";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    System.arraycopy(options, 0, all, 1 + arguments.length, options.length);
    return JSON.readTree(run(all));
  }

  /** Returns standard output of a command that must succeed. */
  private String run(String... arguments) {
    Outcome outcome = Product.run(folder, arguments);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    return outcome.out();
  }
}
