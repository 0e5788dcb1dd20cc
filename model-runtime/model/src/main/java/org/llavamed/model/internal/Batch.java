package org.llavamed.model.internal;

import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.ModelException;

/**
 * The requests that are worked on. Those that write their answers have the first rows of the
 * key-value cache, without a gap, and read one token each in a step that they share; the row behind
 * them is the one of the request whose prompt is being read. Requests join and leave between steps.
 * Not safe for use by several threads.
 */
final class Batch {
  private final Function<OrtException, ModelException> named;
  private final Decoder decoder;
  private final Prefixes prefixes;
  private final List<Sequence> writing = new ArrayList<>();
  private @Nullable Sequence reading;

  /**
   * Starts empty.
   *
   * @param named names what made a run fail
   */
  Batch(Decoder decoder, Prefixes prefixes, Function<OrtException, ModelException> named) {
    this.named = named;
    this.decoder = decoder;
    this.prefixes = prefixes;
  }

  /** Returns whether nothing is worked on. */
  boolean isEmpty() {
    return writing.isEmpty() && reading == null;
  }

  /** Returns whether another request may start. */
  boolean hasRoom() {
    return reading == null && writing.size() < decoder.limits().rows();
  }

  /** Returns most positions of a prompt that are read in one run. */
  int chunk() {
    return decoder.limits().chunk();
  }

  /** Starts a request; there is room. */
  void start(Request request) {
    int row = writing.size();
    try {
      Optional<Prefixes.Key> prefix = request.prefix();
      boolean held = withMemory(() -> prefixes.bring(prefix, row));
      reading = new Sequence(request, held ? request.prompt().prefix() : 0);
    } catch (RuntimeException e) {
      request.delivery().fail(e);
    }
  }

  /** Frees the rows of those for whom nobody waits any more. */
  void dropCancelled() {
    for (int row = writing.size() - 1; row >= 0; row--) {
      Request request = writing.get(row).request();
      if (request.delivery().cancelled()) {
        request.delivery().cancel();
        leave(row);
      }
    }
    if (reading != null && reading.request().delivery().cancelled()) {
      reading.request().delivery().cancel();
      reading = null;
    }
  }

  /**
   * Reads a chunk of the prompt that is being read.
   *
   * @return its positions; 0 where no prompt is being read, or it failed
   */
  int read() {
    Sequence sequence = reading;
    if (sequence == null) {
      return 0;
    }
    int row = writing.size();
    int count;
    FloatBuffer logits;
    try {
      List<Integer> tokens = sequence.nextChunk(decoder.limits().chunk());
      withMemory(() -> reserve(row + 1, sequence.length() + tokens.size()));
      logits = decoder.prefill(row, sequence.length(), tokens, sequence.pictureRows());
      count = tokens.size();
      sequence.read(count);
      if (sequence.atPrefix()) {
        sequence.request().prefix().ifPresent(prefix -> prefixes.read(prefix, row));
      }
    } catch (OrtException e) {
      reading = null;
      sequence.request().delivery().fail(named.apply(e));
      return 0;
    } catch (RuntimeException e) {
      reading = null;
      sequence.request().delivery().fail(e);
      return 0;
    }
    if (sequence.promptRead()) {
      reading = null;
      writing.add(sequence);
      advance(row, logits);
    }
    return count;
  }

  /** Reads one token of each answer. */
  void step() {
    int rows = writing.size();
    if (rows == 0) {
      return;
    }
    try {
      List<Integer> pasts = writing.stream().map(Sequence::length).toList();
      int most = pasts.stream().mapToInt(Integer::intValue).max().orElseThrow();
      withMemory(() -> reserve(rows, most + 1));
      decoder.step(pasts, writing.stream().map(Sequence::token).toList());
    } catch (OrtException e) {
      failWriting(() -> named.apply(e));
      return;
    } catch (RuntimeException e) {
      failWriting(() -> e);
      return;
    }
    // From the last row on, since a row that leaves is filled by the last one.
    for (int row = rows - 1; row >= 0; row--) {
      writing.get(row).read(1);
      advance(row, decoder.logits(row));
    }
  }

  private boolean reserve(int rows, int positions) {
    decoder.reserve(rows, positions);
    return true;
  }

  /** Where there is no memory, what is kept of earlier prompts makes room. */
  private boolean withMemory(Supplier<Boolean> work) {
    try {
      return work.get();
    } catch (ModelException e) {
      prefixes.clear();
      return work.get();
    }
  }

  private void advance(int row, FloatBuffer logits) {
    Sequence sequence = writing.get(row);
    Request request = sequence.request();
    try {
      if (!sequence.advance(logits)) {
        request.delivery().complete(request.course().answer());
        leave(row);
      }
    } catch (RuntimeException e) {
      request.delivery().fail(e);
      leave(row);
    }
  }

  /** The last row is copied to where one left, and the one whose prompt is read behind it. */
  private void leave(int row) {
    int last = writing.size() - 1;
    Sequence moved = writing.remove(last);
    if (row != last) {
      prefixes.copy(last, row, moved.length());
      writing.set(row, moved);
    }
    if (reading != null) {
      prefixes.copy(last + 1, last, reading.length());
    }
  }

  private void failWriting(Supplier<RuntimeException> failure) {
    List<Sequence> failed = List.copyOf(writing);
    writing.clear();
    failed.forEach(sequence -> sequence.request().delivery().fail(failure.get()));
    if (reading != null) {
      prefixes.copy(failed.size(), 0, reading.length());
    }
  }

  /** Fails all that is worked on. */
  void fail(Supplier<RuntimeException> failure) {
    Sequence sequence = reading;
    reading = null;
    if (sequence != null) {
      sequence.request().delivery().fail(failure.get());
    }
    failWriting(failure);
  }
}
