package org.llavamed.learning.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.engine.DType;
import org.llavamed.engine.Engine;

/**
 * What is written here is read by transformers and peft: run with {@code -Dpeft.python=PYTHON}, a
 * Python that has both.
 */
final class PeftTest {
  private static final String PYTHON = System.getProperty("peft.python", "");

  @TempDir Path scratch;

  private final TinyModel tiny = new TinyModel();
  private final Engine engine = tiny.engine();

  @BeforeAll
  static void needsPython() {
    if (PYTHON.isEmpty()) {
      System.out.println("SKIPPED PeftTest: no Python named by -Dpeft.python");
    }
    assumeTrue(!PYTHON.isEmpty(), "no Python named by -Dpeft.python");
  }

  private List<Double> saidByPython(String... folders) throws IOException, InterruptedException {
    Path out = scratch.resolve("said.json");
    Path errors = scratch.resolve("errors.txt");
    Stream<String> script = Stream.of(PYTHON, TinyModel.folder("check.py").toString());
    Process process =
        new ProcessBuilder(Stream.concat(script, Arrays.stream(folders)).toList())
            .redirectOutput(out.toFile())
            .redirectError(errors.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(errors, StandardCharsets.UTF_8)).isZero();
    JsonNode said = new ObjectMapper().readTree(out.toFile());
    return tiny.numbers(said);
  }

  private void assertSame(Llava model, List<Double> expected) {
    float[] logits = model.logits(tiny.inputs(0, 0)).floats();
    assertThat(expected).hasSize(80);
    double worst = 0;
    for (int i = 0; i < 80; i++) {
      double found = logits[14 * 80 + i];
      worst = Math.max(worst, Math.abs(found - expected.get(i)));
      assertThat(found).isCloseTo(expected.get(i), within(1e-4));
    }
    System.out.printf("largest difference of a logit: %.2g%n", worst);
  }

  @Test
  void peftLoadsAdaptersWithTheSameLogits() throws Exception {
    Llava model = tiny.open();
    engine.seed(3);
    model.adapters().add(new Lora(3, 5, 0, Lora.ALL));
    tiny.train(model, new TinyModel.Run(1e-2, 0, 3, 20));
    AdapterFolder.write(engine, model, scratch, "base");
    assertSame(model, saidByPython(TinyModel.folder("model").toString(), scratch.toString()));
  }

  @Test
  void peftLoadsAProjectorThatWasTrainedBesideTheAdapters() throws Exception {
    Llava model = tiny.open();
    engine.seed(4);
    model.adapters().add(new Lora(2, 2, 0, List.of("q_proj", "v_proj")));
    model.train(Set.of(Part.PROJECTOR, Part.DECODER));
    tiny.train(model, new TinyModel.Run(1e-2, 0, 3, 20));
    AdapterFolder.write(engine, model, scratch, "base");
    assertSame(model, saidByPython(TinyModel.folder("model").toString(), scratch.toString()));
  }

  @Test
  void transformersLoadsShardedWeightsWithTheSameLogits() throws Exception {
    Origin origin = Origin.folder(TinyModel.folder("model"));
    Llava model = origin.open(engine, Llava.Settings.PLAIN);
    model.train(Set.of(Part.TOWER, Part.PROJECTOR, Part.DECODER));
    tiny.train(model, new TinyModel.Run(1e-2, 0, 2, 20));
    origin.write(engine, model, scratch, DType.F32, 100_000);
    assertThat(scratch.resolve("model.safetensors.index.json")).exists();
    assertSame(model, saidByPython(scratch.toString()));
  }
}
