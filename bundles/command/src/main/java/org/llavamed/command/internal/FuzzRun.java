package org.llavamed.command.internal;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.llavamed.fuzz.FuzzTarget;

/**
 * Tries one target with damaged inputs for some time. An input that gives a sentence not seen
 * before, what it quotes apart, is kept and damaged further, so that the run finds its way into the
 * target.
 */
final class FuzzRun {
  private static final int LARGEST_CORPUS = 1024;
  private static final int MOST_OUTCOMES = 10_000;

  /** What sentences quote of an input: numbers, and texts in quotation marks and parentheses. */
  private static final Pattern QUOTED =
      Pattern.compile("'[^']*'|\"[^\"]*\"|\\([^)]*\\)|[0-9a-fA-F]+");

  private static final int MOST_FINDINGS = 20;

  private final FuzzTarget target;
  private final Duration slowest;
  private final BiConsumer<String, byte[]> found;
  private final List<byte[]> corpus;
  private final Set<String> outcomes = new HashSet<>();
  private final List<String> findings = new ArrayList<>();
  private volatile @Nullable Current current;
  private long inputs;
  private long taken;
  private long longestNanos;
  private long mostBytes;

  /**
   * @param slowest the longest that one input may take
   * @param found hears what is wrong, and with which input
   */
  FuzzRun(FuzzTarget target, Duration slowest, BiConsumer<String, byte[]> found) {
    this.target = target;
    this.slowest = slowest;
    this.found = found;
    this.corpus = new ArrayList<>(target.seeds());
  }

  /**
   * What came out.
   *
   * @param name the target's name
   * @param inputs how many inputs were tried
   * @param taken how many of them were taken
   * @param outcomes how many different sentences were given, what they quote apart
   * @param longestMillis the longest that an input took, in milliseconds
   * @param mostBytes the most bytes that were allocated for one input
   * @param findings what is wrong; empty where all is well
   */
  record Result(
      String name,
      long inputs,
      long taken,
      int outcomes,
      long longestMillis,
      long mostBytes,
      List<String> findings) {}

  /**
   * Runs until the time is over or the thread is interrupted. The seeds themselves come first and
   * have to be taken.
   */
  Result run(long seed, Duration time) {
    Mutator mutator = new Mutator(seed, target.words());
    for (byte[] sound : target.seeds()) {
      String outcome = tryOne(sound).orElse("");
      if (!outcome.isEmpty()) {
        finding("a sound input is not taken: " + outcome, sound);
      }
    }
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end
        && findings.size() < MOST_FINDINGS
        && !Thread.currentThread().isInterrupted()) {
      byte[] input = mutator.next(corpus);
      Optional<String> outcome = tryOne(input);
      if (outcome.isPresent()
          && outcomes.size() < MOST_OUTCOMES
          && outcomes.add(QUOTED.matcher(outcome.get()).replaceAll(""))
          && corpus.size() < LARGEST_CORPUS) {
        corpus.add(input);
      }
    }
    return new Result(
        target.name(),
        inputs,
        taken,
        outcomes.size(),
        longestNanos / 1_000_000,
        mostBytes,
        List.copyOf(findings));
  }

  /** Tries an input; empty where it showed a fault. */
  private Optional<String> tryOne(byte[] input) {
    inputs++;
    long bytes = allocated();
    long begin = System.nanoTime();
    @Nullable String outcome = null;
    current = new Current(input);
    try {
      outcome = target.take(input.clone());
    } catch (RuntimeException | Error e) {
      finding(describe(e), input);
    } finally {
      current = null;
    }
    long nanos = System.nanoTime() - begin;
    bytes = allocated() - bytes;
    longestNanos = Math.max(longestNanos, nanos);
    mostBytes = Math.max(mostBytes, bytes);
    if (nanos > slowest.toNanos()) {
      finding("%d ms for one input".formatted(nanos / 1_000_000), input);
    }
    if (bytes > target.mostBytes()) {
      finding(
          "%d bytes allocated for one input, expected at most %d"
              .formatted(bytes, target.mostBytes()),
          input);
    }
    taken += outcome != null && outcome.isEmpty() ? 1 : 0;
    return Optional.ofNullable(outcome);
  }

  private static String describe(Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    return e + (trace.length == 0 ? "" : " at " + trace[0]);
  }

  /** An input that is given up was reported by who gave it up. */
  private void finding(String what, byte[] input) {
    if (Thread.currentThread().isInterrupted()) {
      return;
    }
    findings.add(what);
    found.accept(target.name() + ": " + what, input);
  }

  private static long allocated() {
    try {
      return (Long)
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME),
                  "getThreadAllocatedBytes",
                  new Object[] {Thread.currentThread().getId()},
                  new String[] {long.class.getName()});
    } catch (JMException e) {
      throw new IllegalStateException("This Java runtime does not count allocated bytes", e);
    }
  }

  /** Returns the input that has been read for longer than an input may take, where there is one. */
  Optional<byte[]> stuck() {
    Current now = current;
    return now != null && System.nanoTime() - now.begin() > slowest.toNanos()
        ? Optional.of(now.input().clone())
        : Optional.empty();
  }

  /** An input that is read. */
  private static final class Current {
    private final byte[] input;
    private final long begin = System.nanoTime();

    Current(byte[] input) {
      this.input = input;
    }

    byte[] input() {
      return input;
    }

    long begin() {
      return begin;
    }
  }
}
