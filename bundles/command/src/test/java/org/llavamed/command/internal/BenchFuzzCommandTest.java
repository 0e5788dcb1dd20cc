package org.llavamed.command.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.fuzz.FuzzTarget;

class BenchFuzzCommandTest {
  @TempDir Path folder;

  private record Target(String name, Function<byte[], String> reader) implements FuzzTarget {
    @Override
    public List<byte[]> seeds() {
      return List.of("sound".getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public long mostBytes() {
      return 1 << 20;
    }

    @Override
    public String take(byte[] input) {
      return reader.apply(input);
    }
  }

  private static boolean isSound(byte[] input) {
    return new String(input, StandardCharsets.ISO_8859_1).equals("sound");
  }

  private Console console(Target... targets) {
    return new Console().with("bench", () -> new BenchFuzzCommand(List.of(targets)));
  }

  private int run(Console console, String... more) {
    return console.run(
        Stream.concat(
                Stream.of(
                    "bench",
                    "fuzz",
                    "--seconds",
                    "1",
                    "--slowest",
                    "1",
                    "--faults",
                    folder.resolve("faults").toString()),
                Stream.of(more))
            .toArray(String[]::new));
  }

  @Test
  void targetsThatNameWhatIsWrongAreSound() {
    Console console =
        console(new Target("b", input -> isSound(input) ? "" : "bad " + input.length));
    assertThat(run(console)).isZero();
    assertThat(console.out())
        .contains("\"name\" : \"b\"", "\"findings\" : [ ]", "RESEARCH USE ONLY");
    assertThat(folder.resolve("faults")).doesNotExist();
  }

  @Test
  void anUnnamedErrorIsAFaultAndItsInputIsKept() throws IOException {
    Console console =
        console(
            new Target(
                "a",
                input -> {
                  if (input.length > 5) {
                    throw new IllegalStateException("a bug");
                  }
                  return "";
                }));
    assertThat(run(console)).isEqualTo(1);
    assertThat(console.out()).contains("java.lang.IllegalStateException: a bug at ");
    try (Stream<Path> files = Files.list(folder.resolve("faults"))) {
      assertThat(files.toList())
          .isNotEmpty()
          .allMatch(file -> file.getFileName().toString().startsWith("a-"));
    }
  }

  @Test
  void anInputThatNeverEndsIsAFault() {
    var never = new CountDownLatch(1);
    Console console =
        console(
            new Target(
                "a",
                input -> {
                  while (!isSound(input) && never.getCount() > 0) {
                    Thread.onSpinWait();
                  }
                  return "";
                }));
    assertThat(run(console)).isEqualTo(1);
    assertThat(console.out()).contains("an input was not read within 1 s: ");
    never.countDown();
  }

  @Test
  void tooMuchMemoryAndASoundInputThatIsNotTakenAreFaults() {
    Console console =
        console(
            new Target(
                "a",
                input -> {
                  return "no" + Arrays.hashCode(new byte[2 << 20]) % 1;
                }));
    assertThat(run(console)).isEqualTo(1);
    assertThat(console.out())
        .contains(
            "a sound input is not taken: no0",
            "bytes allocated for one input, expected at most 1048576");
  }

  @Test
  void aTargetThatIsNotThereIsNamed() {
    Console console = console(new Target("a", input -> ""));
    assertThat(run(console, "--target", "b")).isEqualTo(2);
    assertThat(console.err()).contains("--target b: no such target, expected one of [a]");
  }

  @Test
  void theSameSeedMakesTheSameInputs() {
    List<byte[]> corpus = List.of(new byte[200], new byte[] {1, 2, 3});
    var first = new Mutator(7, List.of(new byte[] {9}));
    var second = new Mutator(7, List.of(new byte[] {9}));
    for (int i = 0; i < 1000; i++) {
      assertThat(first.next(corpus)).isEqualTo(second.next(corpus));
    }
  }
}
