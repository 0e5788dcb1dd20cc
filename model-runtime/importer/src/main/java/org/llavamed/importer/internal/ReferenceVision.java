package org.llavamed.importer.internal;

import java.util.Arrays;
import org.llavamed.checkpoint.LlavaConfig;
import org.llavamed.checkpoint.VisionConfig;

/**
 * Tower and projector as the checkpoint has them, computed in float32 straight from its tensors,
 * without any graph.
 */
final class ReferenceVision {
  private final LlavaConfig llava;
  private final VisionConfig config;
  private final LlavaTensors tensors;
  private final Work work;

  ReferenceVision(LlavaConfig llava, LlavaTensors tensors, Work work) {
    this.llava = llava;
    this.config = llava.vision();
    this.tensors = tensors;
    this.work = work;
  }

  /** Returns the features [positions, hidden of the decoder] of a picture [3, side, side]. */
  float[] look(float[] pixels) {
    float[] x = embeddings(pixels);
    for (int layer = 0; layer < config.layersRun(); layer++) {
      work.check();
      String name = "encoder.layers." + layer + ".";
      Dense.add(x, attention(name + "self_attn.", norm(name + "layer_norm1", x)));
      Dense.add(x, perceptron(name + "mlp.", norm(name + "layer_norm2", x)));
    }
    float[] taken = config.keepsClass() ? x : Arrays.copyOfRange(x, config.hidden(), x.length);
    for (int i = 1; i <= llava.projectorLayers(); i++) {
      if (i > 1) {
        Dense.gelu(taken);
      }
      taken = Dense.times(taken, tensors.projector("linear_" + i + ".weight"));
      if (llava.projectorBias()) {
        Dense.add(taken, Dense.all(tensors.projector("linear_" + i + ".bias")));
      }
    }
    return taken;
  }

  /** The class token, then a row for each patch, all with their position's row added. */
  private float[] embeddings(float[] pixels) {
    int d = config.hidden();
    float[] x = new float[(config.patches() + 1) * d];
    float[] first = Dense.all(tensors.vision("embeddings.class_embedding"));
    System.arraycopy(first, 0, x, 0, d);
    float[] kernel = Dense.all(tensors.vision("embeddings.patch_embedding.weight"));
    int numbers = kernel.length / d;
    for (int patch = 0; patch < config.patches(); patch++) {
      float[] values = patch(pixels, patch);
      for (int o = 0; o < d; o++) {
        double sum = 0;
        for (int i = 0; i < numbers; i++) {
          sum += (double) kernel[o * numbers + i] * values[i];
        }
        x[(patch + 1) * d + o] = (float) sum;
      }
    }
    Dense.add(x, Dense.all(tensors.vision("embeddings.position_embedding.weight")));
    return norm("pre_layrnorm", x);
  }

  /** Returns the numbers of a patch, [3, patch, patch]. */
  private float[] patch(float[] pixels, int index) {
    int side = config.side();
    int edge = config.patch();
    int across = side / edge;
    float[] values = new float[3 * edge * edge];
    for (int i = 0; i < values.length; i++) {
      int channel = i / (edge * edge);
      int y = index / across * edge + i / edge % edge;
      int x = index % across * edge + i % edge;
      values[i] = pixels[(channel * side + y) * side + x];
    }
    return values;
  }

  private float[] attention(String name, float[] x) {
    Dense.Heads heads =
        new Dense.Heads(config.heads(), config.heads(), config.hidden() / config.heads(), false);
    float[] mixed =
        heads.attend(
            linear(name + "q_proj", x), linear(name + "k_proj", x), linear(name + "v_proj", x));
    return linear(name + "out_proj", mixed);
  }

  private float[] perceptron(String name, float[] x) {
    float[] wide = linear(name + "fc1", x);
    if (config.quickGelu()) {
      Dense.quickGelu(wide, 1.702);
    } else {
      Dense.gelu(wide);
    }
    return linear(name + "fc2", wide);
  }

  private float[] linear(String name, float[] x) {
    float[] product = Dense.times(x, tensors.vision(name + ".weight"));
    Dense.add(product, Dense.all(tensors.vision(name + ".bias")));
    return product;
  }

  private float[] norm(String name, float[] x) {
    return Dense.layerNorm(
        x,
        Dense.all(tensors.vision(name + ".weight")),
        Dense.all(tensors.vision(name + ".bias")),
        config.epsilon());
  }
}
