package org.llavamed.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.llavamed.fuzz.FuzzTarget;

/**
 * What every {@link FuzzTarget} promises, of its sound inputs and of bad ones: the files {@code
 * src/test/resources/known-bad/TARGET/*.bin} of the module. Beside them {@code sentences.tsv} has
 * for each the file, a tab, and a part of what is said of it, nothing where it is taken. An input
 * that a run of {@code bench fuzz} finds is added there.
 */
public abstract class FuzzTargetContract {
  /** As of {@code bench fuzz}. */
  private static final Duration SLOWEST = Duration.ofSeconds(10);

  private static final Path FOLDER = Path.of("src/test/resources/known-bad");

  /** Makes a test. */
  protected FuzzTargetContract() {}

  /** Returns the targets of the module. */
  protected abstract List<FuzzTarget> targets();

  @Test
  void soundInputsAreTaken() {
    for (FuzzTarget target : targets()) {
      assertThat(target.seeds()).as(target.name()).isNotEmpty();
      for (byte[] seed : target.seeds()) {
        assertThat(target.take(seed)).as(target.name()).isEmpty();
      }
    }
  }

  @Test
  void knownBadInputsAreNamedSoonAndInBoundedMemory() throws IOException {
    Map<String, String> sentences = sentences();
    assertThat(sentences.keySet()).containsExactlyInAnyOrderElementsOf(files());
    List<String> replayed = new ArrayList<>();
    for (FuzzTarget target : targets()) {
      List<String> files =
          sentences.keySet().stream().filter(f -> f.startsWith(target.name() + '/')).toList();
      assertThat(files).as("known bad inputs of " + target.name()).isNotEmpty();
      for (String file : files) {
        byte[] input = Files.readAllBytes(FOLDER.resolve(file));
        String sentence = assertTimeoutPreemptively(SLOWEST, () -> take(target, input), file);
        String expected = sentences.getOrDefault(file, "");
        assertThat(sentence).as(file).contains(expected);
        assertThat(sentence.isEmpty()).as(file).isEqualTo(expected.isEmpty());
        replayed.add(file);
      }
    }
    assertThat(replayed).as("all are of a target").hasSameSizeAs(sentences.keySet());
  }

  private static Map<String, String> sentences() throws IOException {
    Map<String, String> sentences = new TreeMap<>();
    for (String line : Files.readAllLines(FOLDER.resolve("sentences.tsv"))) {
      String[] cells = line.split("\t", -1);
      assertThat(cells).as(line).hasSize(2);
      sentences.put(cells[0], cells[1]);
    }
    return sentences;
  }

  private static List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files
          .filter(file -> file.toString().endsWith(".bin"))
          .map(file -> FOLDER.relativize(file).toString().replace('\\', '/'))
          .toList();
    }
  }

  private static String take(FuzzTarget target, byte[] input) {
    long before = allocated();
    String sentence = target.take(input);
    assertThat(allocated() - before).isLessThanOrEqualTo(target.mostBytes());
    return sentence;
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
