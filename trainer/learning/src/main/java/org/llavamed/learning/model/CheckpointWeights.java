package org.llavamed.learning.model;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.llavamed.checkpoint.Checkpoint;
import org.llavamed.checkpoint.Numbers;
import org.llavamed.checkpoint.StoredTensor;
import org.llavamed.checkpoint.TensorNames;
import org.llavamed.engine.DType;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;

/** The numbers of a checkpoint, mapped and copied in pieces. */
final class CheckpointWeights implements Weights {
  /** Numbers that are copied at a time. */
  private static final int PIECE = 1 << 22;

  private final Engine engine;
  private final Checkpoint checkpoint;
  private final boolean growing;

  private CheckpointWeights(Engine engine, Checkpoint checkpoint, boolean growing) {
    this.engine = engine;
    this.checkpoint = checkpoint;
    this.growing = growing;
  }

  /** All parameters have the shapes that the checkpoint has. */
  CheckpointWeights(Engine engine, Checkpoint checkpoint) {
    this(engine, checkpoint, false);
  }

  /**
   * A language model to which words are added: rows that its tables lack are the mean of those they
   * have.
   */
  static CheckpointWeights growing(Engine engine, Checkpoint checkpoint) {
    return new CheckpointWeights(engine, checkpoint, true);
  }

  @Override
  public Tensor get(String name, Kind kind, long... shape) {
    long rows = storedRows(name, shape);
    long[] stored = shape.clone();
    stored[0] = rows;
    List<Long> expected = Arrays.stream(stored).boxed().toList();
    Tensor whole = engine.zeros(DType.F32, shape);
    read(checkpoint.require(name, expected), whole);
    if (rows < shape[0]) {
      engine.inScope(() -> fillWithMean(whole, rows));
    }
    return whole;
  }

  /** Only the tables of the vocabulary may be shorter than what is asked for. */
  private long storedRows(String name, long... shape) {
    boolean table = name.equals(TensorNames.EMBEDDINGS) || name.equals(TensorNames.OUTPUT);
    List<Long> found = checkpoint.shape(name);
    return growing && table && found.size() == 2 ? Math.min(found.get(0), shape[0]) : shape[0];
  }

  private void read(StoredTensor stored, Tensor whole) {
    Numbers numbers = new Numbers(stored);
    Tensor flat = whole.view(-1);
    float[] piece = new float[(int) Math.min(PIECE, numbers.count())];
    for (long from = 0; from < numbers.count(); from += piece.length) {
      int length = (int) Math.min(piece.length, numbers.count() - from);
      numbers.read(from, piece, 0, length);
      long start = from;
      engine.inScope(
          () -> {
            FloatBuffer values = FloatBuffer.wrap(piece, 0, length);
            flat.slice(0, start, start + length).set(engine.floats(values, length));
            return true;
          });
    }
  }

  private static boolean fillWithMean(Tensor table, long rows) {
    long added = table.size(0) - rows;
    Tensor mean = table.slice(0, 0, rows).mean(0).view(1, -1);
    table.slice(0, rows, rows + added).set(mean.expand(added, -1));
    return true;
  }

  @Override
  public boolean has(String name) {
    return !checkpoint.shape(name).isEmpty();
  }
}
