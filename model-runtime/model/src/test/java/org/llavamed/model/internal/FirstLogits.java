package org.llavamed.model.internal;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.llavamed.imaging.Picture;
import org.llavamed.inference.ModelInspection;
import org.llavamed.preprocess.PictureMode;
import org.llavamed.preprocess.PicturePreparation;

/** What may be the first token of the embedded model's answers, in numbers. */
final class FirstLogits implements AutoCloseable {
  private final ModelInspection inspection =
      new OnnxModelRuntime(TinyVqa.SETTINGS).inspect(TinyVqa.FOLDER);
  private final PicturePreparation preparation =
      PicturePreparation.read(
          TinyVqa.FOLDER.resolve("preprocessor_config.json"), PictureMode.named("pad"));

  FloatBuffer of(Picture picture, List<Integer> prompt) {
    FloatBuffer features = inspection.imageFeatures(preparation.prepare(picture).values());
    return inspection.logits(prompt, Optional.of(features), prompt.size()).get(0);
  }

  @Override
  public void close() {
    inspection.close();
  }
}
