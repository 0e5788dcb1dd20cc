package org.llavamed.learning.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.llavamed.engine.Device;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Engines;
import org.llavamed.engine.Tensor;
import org.llavamed.preprocess.PictureFiles;
import org.llavamed.preprocess.PictureMode;
import org.llavamed.preprocess.PicturePreparation;
import org.llavamed.preprocess.PixelTensor;

/** A trained checkpoint of 4.6 million parameters against the logits that its makers recorded. */
final class TinyLlavaTest {
  private static final Path DATA = Path.of(System.getProperty("shared.data", "absent"));
  private static final Path MODEL = DATA.resolve("tiny-llava");
  private static final Path IMAGES = DATA.resolve("vqa-rad/images");

  private final Engine engine = Engines.open(Device.CPU);

  @Test
  void givesTheRecordedFirstLogits() throws IOException {
    boolean there = Files.exists(MODEL.resolve("expected.json")) && Files.isDirectory(IMAGES);
    if (!there) {
      System.out.println("SKIPPED TinyLlavaTest: no reference data in " + DATA);
    }
    assumeTrue(there, "no reference data in " + DATA);
    Llava model = Origin.folder(MODEL).open(engine, Llava.Settings.PLAIN);
    PicturePreparation preparation =
        PicturePreparation.read(MODEL.resolve("preprocessor_config.json"), PictureMode.PAD);
    JsonNode cases =
        new ObjectMapper().readTree(MODEL.resolve("expected.json").toFile()).path("cases");
    assertThat(cases).hasSize(91);
    double worst = 0;
    for (JsonNode expected : cases) {
      PixelTensor pixels =
          preparation.prepare(
              PictureFiles.reader().read(IMAGES.resolve(expected.path("image").asText())));
      worst = Math.max(worst, compare(model, pixels, expected));
    }
    System.out.printf("tiny-llava: largest difference of a first logit: %.2g%n", worst);
  }

  private double compare(Llava model, PixelTensor pixels, JsonNode expected) {
    long[] ids =
        StreamSupport.stream(expected.path("prompt_ids").spliterator(), false)
            .mapToLong(JsonNode::asLong)
            .toArray();
    long[] labels = new long[ids.length];
    Arrays.fill(labels, Tensor.IGNORED);
    float[] last =
        engine.inScope(
            () ->
                model
                    .logits(
                        Inputs.of(engine, 1, LongBuffer.wrap(ids), LongBuffer.wrap(labels))
                            .withPixels(engine, pixels.values(), pixels.side()))
                    .slice(1, ids.length - 1, ids.length)
                    .floats());
    double worst = 0;
    for (JsonNode pair : expected.path("first_step_top5")) {
      double found = last[pair.get(0).asInt()];
      worst = Math.max(worst, Math.abs(found - pair.get(1).asDouble()));
      assertThat(found)
          .as("question %s, token %s", expected.path("qid"), pair.get(0))
          .isCloseTo(pair.get(1).asDouble(), within(1e-3));
    }
    return worst;
  }
}
