package org.llavamed.importer.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.llavamed.checkpoint.Numbers;
import org.llavamed.checkpoint.TextConfig;

/**
 * The decoder as the checkpoint has it, computed in float32 straight from its tensors, without any
 * graph: what an imported model is held against. Several sequences go through a layer together, as
 * reading the weights takes most of the time.
 */
final class ReferenceDecoder {
  private final TextConfig config;
  private final LlavaTensors tensors;
  private final Work work;
  private final Numbers embeddings;

  ReferenceDecoder(TextConfig config, LlavaTensors tensors, Work work) {
    this.config = config;
    this.tensors = tensors;
    this.work = work;
    this.embeddings = new Numbers(tensors.text("model.embed_tokens.weight"));
  }

  /** One sequence: keys and values of what was read, and the rows that are to be read next. */
  final class Sequence {
    private final List<float[]> keys = new ArrayList<>();
    private final List<float[]> values = new ArrayList<>();
    private float[] rows = new float[0];
    private int length;

    private Sequence() {
      for (int layer = 0; layer < config.layers(); layer++) {
        keys.add(new float[0]);
        values.add(new float[0]);
      }
    }

    /** Appends a token. */
    void add(int token) {
      float[] row = new float[config.hidden()];
      embeddings.read((long) token * row.length, row, 0, row.length);
      add(row);
    }

    /** Appends a row of a picture's features. */
    void add(float[] row) {
      rows = joined(rows, row);
    }

    private int count() {
      return rows.length / config.hidden();
    }
  }

  /** Begins a sequence. */
  Sequence begin() {
    return new Sequence();
  }

  /** Reads what was appended to each sequence and returns the logits of each one's last row. */
  List<float[]> read(List<Sequence> sequences) {
    float[] x = new float[0];
    for (Sequence sequence : sequences) {
      x = joined(x, sequence.rows);
    }
    for (int layer = 0; layer < config.layers(); layer++) {
      work.check();
      String name = "model.layers." + layer + ".";
      Dense.add(x, attention(layer, sequences, norm(name + "input_layernorm", x)));
      Dense.add(x, perceptron(name, norm(name + "post_attention_layernorm", x)));
    }
    float[] last = new float[0];
    int end = 0;
    for (Sequence sequence : sequences) {
      end += sequence.rows.length;
      sequence.length += sequence.count();
      sequence.rows = new float[0];
      last = joined(last, Arrays.copyOfRange(x, end - config.hidden(), end));
    }
    float[] logits = Dense.times(norm("model.norm", last), tensors.text("lm_head.weight"));
    return split(logits, sequences.size());
  }

  private float[] attention(int layer, List<Sequence> sequences, float[] x) {
    String name = "model.layers." + layer + ".self_attn.";
    float[] queries = times(name + "q_proj", x);
    float[] keys = times(name + "k_proj", x);
    float[] values = times(name + "v_proj", x);
    int wide = config.heads() * config.headSize();
    int narrow = config.kvHeads() * config.headSize();
    Dense.Heads heads = new Dense.Heads(config.heads(), config.kvHeads(), config.headSize(), true);
    float[] mixed = new float[0];
    int row = 0;
    for (Sequence sequence : sequences) {
      int end = row + sequence.count();
      float[] query = Arrays.copyOfRange(queries, row * wide, end * wide);
      float[] key = Arrays.copyOfRange(keys, row * narrow, end * narrow);
      rotate(query, wide, sequence.length);
      rotate(key, narrow, sequence.length);
      float[] value = Arrays.copyOfRange(values, row * narrow, end * narrow);
      sequence.keys.set(layer, joined(sequence.keys.get(layer), key));
      sequence.values.set(layer, joined(sequence.values.get(layer), value));
      mixed =
          joined(mixed, heads.attend(query, sequence.keys.get(layer), sequence.values.get(layer)));
      row = end;
    }
    return times(name + "o_proj", mixed);
  }

  /** Turns the halves of every head by the angles of its position. */
  private void rotate(float[] rows, int width, int first) {
    int half = config.headSize() / 2;
    for (int i = 0; i < half; i++) {
      double frequency = 1 / Math.pow(config.ropeTheta(), 2.0 * i / config.headSize());
      for (int from = 0; from < rows.length; from += width) {
        double angle = (first + from / width) * frequency;
        float cos = (float) Math.cos(angle);
        float sin = (float) Math.sin(angle);
        for (int head = from; head < from + width; head += config.headSize()) {
          float a = rows[head + i];
          float b = rows[head + half + i];
          rows[head + i] = a * cos - b * sin;
          rows[head + half + i] = b * cos + a * sin;
        }
      }
    }
  }

  private float[] perceptron(String name, float[] x) {
    float[] gate = times(name + "mlp.gate_proj", x);
    Dense.quickGelu(gate, 1);
    float[] up = times(name + "mlp.up_proj", x);
    for (int i = 0; i < gate.length; i++) {
      gate[i] *= up[i];
    }
    return times(name + "mlp.down_proj", gate);
  }

  private float[] times(String name, float[] x) {
    return Dense.times(x, tensors.text(name + ".weight"));
  }

  private float[] norm(String name, float[] x) {
    return Dense.rmsNorm(x, Dense.all(tensors.text(name + ".weight")), config.epsilon());
  }

  private static List<float[]> split(float[] rows, int count) {
    int width = rows.length / count;
    List<float[]> split = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      split.add(Arrays.copyOfRange(rows, i * width, (i + 1) * width));
    }
    return split;
  }

  private static float[] joined(float[] first, float[] second) {
    float[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
