package org.llavamed.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Which samples are read in which step of an epoch: a function of its arguments alone, so that a
 * run that goes on needs the position only. Batches are of samples with a picture or of samples
 * without, never of both, and of similar lengths, so that little is filled up. Immutable.
 *
 * <p>The rule: samples of a kind are put into a random order and cut into groups of {@value
 * #GROUPED} batches; each group is sorted by length and cut into batches; all batches are put into
 * a random order. The last batch of a kind may be smaller than the others.
 */
public final class BatchPlan {
  private static final int GROUPED = 50;
  private static final int MOST_SAMPLES = 1 << 27;

  private final List<int[]> batches;
  private final Takes takes;
  private final int processes;

  /**
   * Samples of one source.
   *
   * @param lengths positions of each sample
   * @param pictured whether each sample has a picture
   * @param weight how often each sample is taken in an epoch: 1 is once, 2.5 twice and every second
   *     one, drawn anew in each epoch, once more; at least one sample is taken
   */
  public record Source(List<Integer> lengths, List<Boolean> pictured, double weight) {
    public Source {
      if (lengths.size() != pictured.size() || !(weight > 0)) {
        throw new IllegalArgumentException(
            "A source has %d lengths, %d kinds and the weight %s, expected as many and a weight above 0"
                .formatted(lengths.size(), pictured.size(), weight));
      }
    }
  }

  /**
   * How samples are joined.
   *
   * @param batch samples that a process reads at a time, at least 1
   * @param processes how many read at the same time, at least 1
   */
  public record Shape(int batch, int processes) {
    public Shape {
      if (batch < 1 || processes < 1) {
        throw new IllegalArgumentException(
            "A batch has %d samples for each of %d processes, expected 1 or more"
                .formatted(batch, processes));
      }
    }

    int samples() {
      return Math.multiplyExact(batch, processes);
    }
  }

  /**
   * A sample in an epoch.
   *
   * @param sample its number
   * @param before how often the epoch takes it before, 0 or more where its weight is above 1
   */
  public record Take(int sample, int before) {}

  /** All that an epoch takes: batches hold places in these. */
  private static final class Takes {
    private final int[] samples;
    private final int[] before;

    Takes(int[] samples, int[] before) {
      this.samples = samples;
      this.before = before;
    }

    Take at(int place) {
      return new Take(samples[place], before[place]);
    }
  }

  private BatchPlan(List<int[]> batches, Takes takes, int processes) {
    this.batches = batches;
    this.takes = takes;
    this.processes = processes;
  }

  /**
   * Returns the plan of an epoch.
   *
   * @param sources samples are numbered from 0 through all sources, one after another
   * @throws DataException if there is no sample, or an epoch would take too many
   */
  public static BatchPlan of(List<Source> sources, Shape shape, long seed, long epoch) {
    check(sources);
    Takes takes = drawn(sources, seed, epoch);
    var samples = new Samples(sources);
    List<int[]> batches = new ArrayList<>();
    for (boolean pictured : new boolean[] {true, false}) {
      int[] kind =
          IntStream.range(0, takes.samples.length)
              .filter(place -> samples.pictured[takes.samples[place]] == pictured)
              .toArray();
      Chance.of("order", seed, epoch, pictured).shuffle(kind);
      batches.addAll(
          grouped(kind, place -> samples.lengths[takes.samples[place]], shape.samples()));
    }
    int[] order = IntStream.range(0, batches.size()).toArray();
    Chance.of("batches", seed, epoch).shuffle(order);
    return new BatchPlan(
        Arrays.stream(order).mapToObj(batches::get).toList(), takes, shape.processes());
  }

  /** Returns the number of batches, each read by all processes together. */
  public int size() {
    return batches.size();
  }

  /**
   * Returns the samples of a batch that a process reads, with what tells apart the takes of one.
   * The parts of all processes, one after another, are the batch of one process that is as large as
   * all of theirs. In a batch that is smaller than the others a process may have one sample less
   * than another, or none.
   *
   * @param index of the batch, from 0
   * @param process from 0
   */
  public List<Take> takes(int index, int process) {
    int[] batch = batches.get(index);
    int from = Math.toIntExact((long) batch.length * process / processes);
    int to = Math.toIntExact((long) batch.length * (process + 1) / processes);
    return Arrays.stream(batch, from, to).mapToObj(takes::at).toList();
  }

  /** Returns the samples of a batch of all processes. */
  public List<Integer> batch(int index) {
    return Arrays.stream(batches.get(index)).map(place -> takes.samples[place]).boxed().toList();
  }

  private static void check(List<Source> sources) {
    double all = sources.stream().mapToDouble(s -> s.weight() * s.lengths().size()).sum();
    if (all == 0) {
      throw DataException.invalid(
          "data", "they have no sample, so an epoch has no batch", "Name files with samples");
    }
    if (all > MOST_SAMPLES) {
      throw DataException.invalid(
          "weights of the data",
          "an epoch would take %.0f samples, expected at most %d".formatted(all, MOST_SAMPLES),
          "Take lower weights and more epochs");
    }
  }

  private static Takes drawn(List<Source> sources, long seed, long epoch) {
    IntStream.Builder samples = IntStream.builder();
    IntStream.Builder before = IntStream.builder();
    int first = 0;
    for (int s = 0; s < sources.size(); s++) {
      int size = sources.get(s).lengths().size();
      double weight = sources.get(s).weight();
      int times = (int) weight;
      long least = times == 0 && size > 0 ? 1 : 0;
      long more = Math.max(least, Math.round((weight - times) * size));
      int[] order = IntStream.range(first, first + size).toArray();
      Chance.of("drawn", seed, epoch, s).shuffle(order);
      for (int time = 0; time <= times; time++) {
        long count = time < times ? size : more;
        for (int i = 0; i < count; i++) {
          samples.add(order[i]);
          before.add(time);
        }
      }
      first += size;
    }
    return new Takes(samples.build().toArray(), before.build().toArray());
  }

  private static List<int[]> grouped(int[] order, IntUnaryOperator length, int batch) {
    List<int[]> batches = new ArrayList<>();
    int group = (int) Math.min(Integer.MAX_VALUE, (long) GROUPED * batch);
    for (int from = 0; from < order.length; from += Math.min(group, order.length - from)) {
      int to = from + Math.min(group, order.length - from);
      int[] sorted =
          Arrays.stream(order, from, to)
              .boxed()
              .sorted((a, b) -> Integer.compare(length.applyAsInt(b), length.applyAsInt(a)))
              .mapToInt(Integer::intValue)
              .toArray();
      for (int at = 0; at < sorted.length; at += batch) {
        batches.add(Arrays.copyOfRange(sorted, at, Math.min(sorted.length, at + batch)));
      }
    }
    return batches;
  }

  /** All sources' samples. */
  private static final class Samples {
    private final int[] lengths;
    private final boolean[] pictured;

    Samples(List<Source> sources) {
      int size = sources.stream().mapToInt(source -> source.lengths().size()).sum();
      lengths = new int[size];
      pictured = new boolean[size];
      int at = 0;
      for (Source source : sources) {
        for (int i = 0; i < source.lengths().size(); i++) {
          lengths[at] = source.lengths().get(i);
          pictured[at++] = source.pictured().get(i);
        }
      }
    }
  }
}
