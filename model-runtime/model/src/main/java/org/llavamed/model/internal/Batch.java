package org.llavamed.model.internal;

import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
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
  /** Requests that wait, in the order in which they came. */
  @FunctionalInterface
  interface Waiting {
    /** Takes the next one if it fits. */
    Optional<Request> next(Predicate<Request> fits);
  }

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
    reading = new Sequence(request, 0);
    try {
      Optional<Prefixes.Key> prefix = request.prefix();
      if (withMemory(() -> prefixes.bring(prefix, row))) {
        reading = new Sequence(request, request.prompt().prefix());
      }
    } catch (RuntimeException e) {
      reading = null;
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
   * Reads a chunk of the prompt that is being read, with the ends of those that wait behind it and
   * begin alike, where the decoder can read them in the same run.
   *
   * @return positions that were read; 0 where no prompt is being read, or it failed
   */
  int read(Waiting waiting) {
    Sequence sequence = reading;
    if (sequence == null) {
      return 0;
    }
    List<Sequence> together = new ArrayList<>(List.of(sequence));
    try {
      if (decoder.readsBranches() && sequence.length() > 0 && sequence.atPrefix()) {
        addAlike(together, waiting);
      }
      return together.size() > 1 ? readBranches(together) : readChunk(sequence);
    } catch (OrtException e) {
      reading = null;
      together.forEach(failed -> failed.request().delivery().fail(named.apply(e)));
    } catch (RuntimeException e) {
      reading = null;
      together.forEach(failed -> failed.request().delivery().fail(e));
    } catch (Error e) {
      ModelException failure = named.apply(new OrtException(e.toString()));
      together.stream().skip(1).forEach(other -> other.request().delivery().fail(failure));
      throw e;
    }
    return 0;
  }

  private int readChunk(Sequence sequence) throws OrtException {
    int row = writing.size();
    List<Integer> tokens = sequence.nextChunk(decoder.limits().chunk());
    withMemory(() -> reserve(row + 1, sequence.length() + tokens.size()));
    FloatBuffer logits = decoder.prefill(row, sequence.length(), tokens, sequence.pictureRows());
    int count = tokens.size();
    sequence.read(count);
    if (sequence.atPrefix()) {
      sequence.request().prefix().ifPresent(prefix -> prefixes.read(prefix, row));
    }
    if (sequence.promptRead()) {
      reading = null;
      writing.add(sequence);
      advance(row, logits);
    }
    return count;
  }

  /**
   * Adds requests that wait as long as the ends of all prompts fit a chunk and the cache. One for
   * whose row there is no memory fails alone.
   */
  private void addAlike(List<Sequence> together, Waiting waiting) {
    Sequence first = together.get(0);
    Optional<Prefixes.Key> prefix = first.request().prefix();
    int room = Math.min(decoder.limits().chunk(), decoder.limits().positions() - first.length());
    int used = first.branch().size();
    while (writing.size() + together.size() < decoder.limits().rows()) {
      int left = room - used;
      Optional<Request> next =
          waiting.next(
              request ->
                  request.prefix().equals(prefix)
                      && new Sequence(request, first.length()).branch().size() <= left);
      if (next.isEmpty()) {
        return;
      }
      Sequence sequence = new Sequence(next.get(), first.length());
      int rows = writing.size() + together.size() + 1;
      int positions = first.length() + used + sequence.branch().size();
      try {
        withMemory(() -> reserve(rows, positions));
      } catch (ModelException e) {
        sequence.request().delivery().fail(e);
        return;
      }
      used += sequence.branch().size();
      together.add(sequence);
    }
  }

  /** The first one stays where it is; the others get rows of their own behind it. */
  private int readBranches(List<Sequence> together) throws OrtException {
    int row = writing.size();
    int past = together.get(0).length();
    List<List<Integer>> branches = together.stream().map(Sequence::branch).toList();
    int count = branches.stream().mapToInt(List::size).sum();
    if (count > 0) {
      decoder.prefillBranches(row, past, branches);
    }
    int from = past;
    for (int i = 0; i < together.size(); i++) {
      if (i > 0) {
        prefixes.copy(row, row + i, past);
        decoder.cache().copy(row, from, row + i, past, branches.get(i).size());
      }
      from += branches.get(i).size();
      together.get(i).branched();
    }
    reading = null;
    writing.addAll(together);
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
      boolean prompts = writing.stream().anyMatch(Sequence::readsPrompt);
      decoder.step(pasts, writing.stream().map(Sequence::token).toList(), prompts);
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
      System.gc(); // frees buffers outside of the heap
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
