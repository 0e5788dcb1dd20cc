package org.llavamed.dimse.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.llavamed.network.ReceiveSettings;

/** A receiver of ours in a process of its own. */
final class ReceiverProcess implements AutoCloseable {
  private final Process process;
  private final int port;

  private ReceiverProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Receives until its standard input ends. */
  public static void main(String[] arguments) throws IOException {
    ReceiveSettings settings =
        Loopback.settings(
            Path.of(arguments[0]), ReceiveSettings.Access.ALL, Loopback.LIMITS, Loopback.TIMEOUTS);
    try (var reception = new DimseProvider().open(settings, instance -> {})) {
      System.out.println(reception.port());
      System.in.transferTo(java.io.OutputStream.nullOutputStream());
    }
  }

  /** Starts a process and waits until its port is open. */
  static ReceiverProcess start(Path folder) throws IOException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                classPath,
                ReceiverProcess.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    String line = lines.readLine();
    if (line == null) {
      throw new IOException("The receiver did not start");
    }
    return new ReceiverProcess(process, Integer.parseInt(line));
  }

  int port() {
    return port;
  }

  /** Ends the process without a warning. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        kill();
        throw new IOException("The receiver did not end");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
