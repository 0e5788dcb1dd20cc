package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavamed.inference.Precisions;
import org.llavamed.inference.Progress;

/** The reference pass against what transformers says to the same checkpoints. */
final class ReferenceTest {
  static Stream<Layout> layouts() throws IOException {
    return Layout.all().stream();
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void itGivesFeaturesAndLogitsOfTransformers(Layout layout) {
    Source source = Source.read(layout.request(Path.of("unused"), Precisions.FP32));
    LlavaTensors tensors = new LlavaTensors(source.checkpoint(), source.text(), source.llava());
    Work work = new Work(source.folder(), 1, Progress.NONE);
    float[] features = new float[0];
    if (layout.sees()) {
      ReferenceVision vision = new ReferenceVision(source.llava().orElseThrow(), tensors, work);
      features = vision.look(layout.pixels());
      assertClose(features, layout.features());
    }
    ReferenceDecoder decoder = new ReferenceDecoder(source.text(), tensors, work);
    ReferenceDecoder.Sequence sequence = decoder.begin();
    int hidden = source.text().hidden();
    int row = 0;
    for (int token : layout.prompt(-1)) {
      if (token < 0) {
        float[] feature = new float[hidden];
        System.arraycopy(features, hidden * row++, feature, 0, hidden);
        sequence.add(feature);
      } else {
        sequence.add(token);
      }
    }
    List<float[]> expected = layout.logits();
    for (int step = 0; step < expected.size(); step++) {
      assertClose(decoder.read(List.of(sequence)).get(0), expected.get(step));
      if (step < layout.tokens().size()) {
        sequence.add(layout.tokens().get(step));
      }
    }
  }

  private static void assertClose(float[] found, float[] expected) {
    float largest = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(found[i] - expected[i]));
    }
    assertThat(largest).isLessThan(1e-4f);
  }
}
