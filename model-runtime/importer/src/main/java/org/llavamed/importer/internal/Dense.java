package org.llavamed.importer.internal;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.llavamed.checkpoint.Numbers;
import org.llavamed.checkpoint.StoredTensor;

/**
 * The arithmetic of the reference pass: float32, row by row [rows, width], weights read where they
 * lie. Each output is summed in one order, so processors and numbers of threads do not show.
 */
final class Dense {
  /** Rows are summed side by side in groups of so many, which the compiler turns into vectors. */
  private static final int LANES = 16;

  /** Most rows at a time: of a thousand inputs they fit the second cache of a processor. */
  private static final int TILE = 64;

  private Dense() {}

  /** Returns x [rows, in] times the transposed matrix [out, in]: [rows, out]. */
  static float[] times(float[] x, StoredTensor tensor) {
    Matrix matrix = new Matrix(List.of(tensor));
    int in = matrix.in();
    float[] all = new float[x.length / in * matrix.out()];
    for (int from = 0; from < x.length; from += TILE * in) {
      float[] part =
          times(Arrays.copyOfRange(x, from, Math.min(x.length, from + TILE * in)), matrix);
      System.arraycopy(part, 0, all, from / in * matrix.out(), part.length);
    }
    return all;
  }

  private static float[] times(float[] x, Matrix matrix) {
    int in = matrix.in();
    int rows = x.length / in;
    int lanes = (rows + LANES - 1) / LANES * LANES;
    int padded = (in + 3) / 4 * 4;
    float[] turned = new float[padded * lanes];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < in; i++) {
        turned[i * lanes + row] = x[row * in + i];
      }
    }
    float[] product = new float[rows * matrix.out()];
    Weights.groups(
        matrix.out(),
        (low, high) -> {
          float[] weights = new float[padded];
          float[] sums = new float[lanes];
          for (int output = low; output < high; output++) {
            matrix.read(output, 0, weights, in);
            sum(weights, turned, sums);
            for (int row = 0; row < rows; row++) {
              product[row * matrix.out() + output] = sums[row];
            }
          }
        });
    return product;
  }

  private static void sum(float[] weights, float[] turned, float[] sums) {
    int lanes = sums.length;
    Arrays.fill(sums, 0);
    for (int i = 0; i < weights.length; i += 4) {
      float a = weights[i];
      float b = weights[i + 1];
      float c = weights[i + 2];
      float d = weights[i + 3];
      int at = i * lanes;
      for (int r = 0; r < lanes; r++) {
        sums[r] +=
            a * turned[at + r]
                + b * turned[at + lanes + r]
                + c * turned[at + 2 * lanes + r]
                + d * turned[at + 3 * lanes + r];
      }
    }
  }

  /** Adds {@code y} to {@code x}, repeated where it is shorter. */
  static void add(float[] x, float[] y) {
    for (int i = 0; i < x.length; i++) {
      x[i] += y[i % y.length];
    }
  }

  /** Returns rows divided by their root mean square, times {@code scale}. */
  static float[] rmsNorm(float[] x, float[] scale, float epsilon) {
    int width = scale.length;
    float[] normed = new float[x.length];
    for (int from = 0; from < x.length; from += width) {
      double square = 0;
      for (int i = 0; i < width; i++) {
        square += (double) x[from + i] * x[from + i];
      }
      double factor = 1 / Math.sqrt(square / width + epsilon);
      for (int i = 0; i < width; i++) {
        normed[from + i] = (float) (x[from + i] * factor) * scale[i];
      }
    }
    return normed;
  }

  /** Returns rows less their mean, divided by their deviation, times scale, plus bias. */
  static float[] layerNorm(float[] x, float[] scale, float[] bias, float epsilon) {
    int width = scale.length;
    float[] centred = x.clone();
    for (int from = 0; from < x.length; from += width) {
      double mean = 0;
      for (int i = 0; i < width; i++) {
        mean += x[from + i];
      }
      mean /= width;
      for (int i = 0; i < width; i++) {
        centred[from + i] = (float) (x[from + i] - mean);
      }
    }
    float[] normed = rmsNorm(centred, scale, epsilon);
    add(normed, bias);
    return normed;
  }

  /** Turns x into x times the logistic function of alpha x: SiLU for 1, QuickGELU for 1.702. */
  static void quickGelu(float[] x, double alpha) {
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (x[i] / (1 + Math.exp(-alpha * x[i])));
    }
  }

  /** Turns x into x times the normal distribution's share below x: the exact GELU. */
  static void gelu(float[] x) {
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (x[i] * 0.5 * (1 + erf(x[i] / Math.sqrt(2))));
    }
  }

  /** Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: within 1.5e-7. */
  private static double erf(double x) {
    double t = 1 / (1 + 0.3275911 * Math.abs(x));
    double sum =
        ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592)
            * t;
    return Math.signum(x) * (1 - sum * Math.exp(-x * x));
  }

  /** Returns all numbers of a tensor. */
  static float[] all(StoredTensor tensor) {
    Numbers numbers = new Numbers(tensor);
    float[] all = new float[Math.toIntExact(numbers.count())];
    numbers.read(0, all, 0, all.length);
    return all;
  }

  /**
   * What one attention call reads.
   *
   * @param heads heads of the queries
   * @param kvHeads heads of keys and values
   * @param size width of a head
   * @param causal whether a query sees keys up to its own position only; queries are the last ones
   */
  record Heads(int heads, int kvHeads, int size, boolean causal) {
    /** Returns [rows, heads x size] of queries over keys and values [positions, kvHeads x size]. */
    float[] attend(float[] queries, float[] keys, float[] values) {
      float[] mixed = new float[queries.length];
      IntStream.range(0, heads).parallel().forEach(h -> attend(h, queries, keys, values, mixed));
      return mixed;
    }

    private void attend(int head, float[] queries, float[] keys, float[] values, float[] mixed) {
      int rows = queries.length / (heads * size);
      int positions = keys.length / (kvHeads * size);
      int group = head / (heads / kvHeads);
      for (int row = 0; row < rows; row++) {
        int seen = causal ? positions - rows + row + 1 : positions;
        int query = (row * heads + head) * size;
        double[] share = new double[seen];
        for (int p = 0; p < seen; p++) {
          float sum = 0;
          for (int i = 0; i < size; i++) {
            sum += queries[query + i] * keys[(p * kvHeads + group) * size + i];
          }
          share[p] = sum / Math.sqrt(size);
        }
        softmax(share);
        for (int p = 0; p < seen; p++) {
          float factor = (float) share[p];
          for (int i = 0; i < size; i++) {
            mixed[query + i] += factor * values[(p * kvHeads + group) * size + i];
          }
        }
      }
    }

    private static void softmax(double[] values) {
      double largest = Arrays.stream(values).max().orElse(0);
      double sum = 0;
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.exp(values[i] - largest);
        sum += values[i];
      }
      for (int i = 0; i < values.length; i++) {
        values[i] /= sum;
      }
    }
  }
}
