package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another program, which speaks DICOM with us. */
final class Program implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;

  private final String name;
  private final Path log;
  private final Process process;

  private Program(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /** Skips the test, and says so where everybody sees it, where a condition does not hold. */
  static void skipUnless(boolean condition, String message) {
    if (!condition) {
      System.out.println("SKIPPED: " + message);
    }
    assumeTrue(condition, message);
  }

  /** Skips the test where a program is not installed. */
  static void require(String debianPackage, String... names) {
    for (String name : names) {
      skipUnless(
          isInstalled(name),
          "%s is not installed (Debian package %s): its association with us is left out"
              .formatted(name, debianPackage));
    }
  }

  private static boolean isInstalled(String name) {
    return List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)))
        || Files.isExecutable(Path.of("/usr/sbin", name));
  }

  /** Starts a program in a folder. */
  static Program start(Path folder, Object... command) throws IOException {
    List<String> words = new ArrayList<>();
    for (Object word : command) {
      words.add(word.toString());
    }
    Path log = Files.createTempFile("program", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    return new Program(words.get(0), log, builder.start());
  }

  /** Runs a program to its end and returns what it said; it must succeed. */
  static String run(Path folder, Object... command) throws IOException, InterruptedException {
    try (Program program = start(folder, command)) {
      int exitCode = program.exitCode();
      if (exitCode != 0) {
        fail("%s ended with %d: %s", List.of(command), exitCode, program.output());
      }
      return program.output();
    }
  }

  /** Waits for the end; the program gets no input. */
  int exitCode() throws InterruptedException, IOException {
    process.getOutputStream().close();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      fail("%s did not end within %d s: %s", name, PATIENCE_SECONDS, output());
    }
    return process.exitValue();
  }

  String output() throws IOException {
    return new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1);
  }

  /** Waits until the program has said something. */
  void awaitOutput(String text) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!output().contains(text)) {
      if (System.nanoTime() > end) {
        fail("%s did not say '%s': %s", name, text, output());
      }
      Thread.sleep(50);
    }
  }

  /** Waits until the program listens. */
  Program awaitPort(int port) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (process.isAlive() && System.nanoTime() < end) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return this;
      } catch (IOException notYet) {
        Thread.sleep(50);
      }
    }
    throw new IOException("%s does not listen on %d: %s".formatted(name, port, output()));
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
