package org.llavamed.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.distribution.Product.Outcome;
import org.llavamed.distribution.Product.Running;

/**
 * Training as a user starts it. The engine comes from Maven Central into a cache in the build's
 * folder, which later runs of the test find there.
 */
final class TrainIT {
  private static final int STEPS = 100;
  private static final int PICTURES = 8;
  private static final String QUESTION = "Is the picture bright?";

  @TempDir Path folder;

  @Test
  void aRunThatIsInterruptedAndThenKilledGoesOnToAModelThatAnswers() throws Exception {
    makeData();
    Outcome random =
        Product.run(
            folder, "model", "random", "--shape", "llava-tiny", "--checkpoint", "--out", "start");
    assertThat(random.code()).as(random.err()).isZero();
    Files.writeString(folder.resolve("recipe.yaml"), recipe());

    Running first = train();
    waitForCheckpoint(1, first);
    Product.program(folder, "sh", "-c", "kill -INT " + first.process().pid());
    Outcome interrupted = Product.finish(first);
    assertThat(interrupted.code()).as(interrupted.err()).isEqualTo(130);
    assertThat(interrupted.err()).contains("Interrupted; the last checkpoint is", "--resume");
    long before = newestCheckpoint();

    Running second = train("--resume");
    waitForCheckpoint(before + 1, second);
    ProcessHandle worker = second.process().descendants().findFirst().orElseThrow();
    assertThat(worker.destroyForcibly()).isTrue();
    Outcome killed = Product.finish(second);
    assertThat(killed.code()).isEqualTo(1);
    assertThat(killed.err())
        .contains("worker 0 of 1 was ended by signal 9", "--resume goes on from it.");

    Outcome last = Product.finish(train("--resume", "--export", "fp32"));
    assertThat(last.code()).as(last.err()).isZero();
    assertThat(last.out()).contains("model ", "onnx ", "report ", "RESEARCH USE ONLY");
    assertThat(steps())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, STEPS).boxed().toList());
    assertThat(Files.readString(folder.resolve("run/report.html")))
        .contains("RESEARCH USE ONLY", "Finished after step " + STEPS, "<svg");
    answers();
  }

  private void answers() throws IOException {
    for (String name : List.of("0", "1")) {
      Outcome asked =
          Product.run(
              folder, "ask", "images/" + name + ".png", QUESTION, "--json", "--model", "run/onnx");
      assertThat(asked.code()).as(asked.err()).isZero();
      JsonNode json = new ObjectMapper().readTree(asked.out());
      assertThat(json.path("answer").asText()).isEqualTo(answer(Integer.parseInt(name)));
    }
  }

  private static String answer(int picture) {
    return picture % 2 == 0 ? "no" : "yes";
  }

  /** Dark pictures and bright ones: what tells the answers apart is in the picture alone. */
  private void makeData() throws IOException {
    Path images = Files.createDirectories(folder.resolve("images"));
    ArrayNode samples = new ObjectMapper().createArrayNode();
    for (int i = 0; i < PICTURES; i++) {
      var picture = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
      Graphics2D drawn = picture.createGraphics();
      int grey = i % 2 == 0 ? 10 + i : 235 + i;
      drawn.setColor(new Color(grey, grey, grey));
      drawn.fillRect(0, 0, 64, 64);
      drawn.dispose();
      ImageIO.write(picture, "png", images.resolve(i + ".png").toFile());
      ObjectNode sample = samples.addObject().put("id", "s" + i).put("image", i + ".png");
      ArrayNode turns = sample.putArray("conversations");
      turns.addObject().put("from", "human").put("value", "<image>\n" + QUESTION);
      turns.addObject().put("from", "gpt").put("value", answer(i));
    }
    Files.writeString(folder.resolve("train.json"), samples.toString());
  }

  private static String recipe() {
    return """
        name: bright
        out: run
        model: {folder: start, template: mistral_instruct}
        rates: {tower: 1e-2, projector: 1e-2, decoder: 1e-2}
        data:
          - {file: train.json, pictures: images}
        validation: {file: train.json, pictures: images, every: 20}
        batch: {size: 4, maxLength: 128}
        optimiser: {steps: %d}
        checkpoints: {every: 10, keep: 2}
        """
        .formatted(STEPS);
  }

  private Running train(String... further) {
    var command =
        new ArrayList<String>(
            List.of(
                Product.home().resolve("bin/llavamed").toString(),
                "train",
                "recipe.yaml",
                "--device=cpu",
                "--threads=1"));
    command.addAll(List.of(further));
    Path cache = Product.home().resolveSibling("engine-cache").toAbsolutePath();
    return Product.startProgram(folder, command, Map.of("XDG_CACHE_HOME", cache.toString()));
  }

  private void waitForCheckpoint(long least, Running running) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(4);
    while (running.process().isAlive() && System.nanoTime() < end && newestCheckpoint() < least) {
      Thread.sleep(20);
    }
  }

  private long newestCheckpoint() {
    Path checkpoints = folder.resolve("run/checkpoints");
    String[] names = checkpoints.toFile().list((in, name) -> name.matches("step-\\d+"));
    long newest = 0;
    for (String name : names == null ? new String[0] : names) {
      newest = Math.max(newest, Long.parseLong(name.substring("step-".length())));
    }
    return newest;
  }

  private List<Long> steps() throws IOException {
    return Files.readAllLines(folder.resolve("run/metrics.csv")).stream()
        .skip(1)
        .map(line -> Long.parseLong(line.substring(0, line.indexOf(','))))
        .toList();
  }
}
