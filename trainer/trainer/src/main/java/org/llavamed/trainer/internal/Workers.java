package org.llavamed.trainer.internal;

import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.llavamed.files.FileError;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.run.RunEvent;
import org.llavamed.learning.run.RunFolder;

/**
 * Worker processes of this machine that run. What they tell comes in one queue. They end by
 * themselves when their standard input ends, so none outlives this process.
 */
final class Workers implements AutoCloseable {
  /** What comes from a worker process. */
  sealed interface Message {
    /** The process's number among all that train together. */
    int rank();
  }

  /** A worker told something. */
  record Told(int rank, RunEvent event) implements Message {}

  /** A worker has ended. */
  record Ended(int rank, int code) implements Message {}

  /** What the line begins with that parts what different processes wrote to a log. */
  private static final String BEGIN = "-- ";

  private final TreeMap<Integer, Process> processes = new TreeMap<>();
  private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
  private int running;

  private Workers() {}

  /**
   * Starts processes.
   *
   * @param first number of the first of them among all that train together
   * @throws TrainingException if one cannot be started; then none runs
   */
  static Workers start(List<ProcessBuilder> builders, int first, RunFolder run) {
    var workers = new Workers();
    try {
      Files.createDirectories(run.log(first).toAbsolutePath().getParent());
      for (int i = 0; i < builders.size(); i++) {
        workers.start(builders.get(i), first + i, run.log(first + i));
      }
      return workers;
    } catch (IOException e) {
      workers.close();
      throw TrainingException.invalid(
          run.root(),
          "a worker process cannot be started (%s)".formatted(e.getMessage()),
          "Check the Java that runs this, and the rights of the folder",
          e);
    }
  }

  private void start(ProcessBuilder builder, int rank, Path log) throws IOException {
    Files.writeString(
        log,
        BEGIN + "%s\n".formatted(Instant.now()),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process process = builder.start();
    processes.put(rank, process);
    running++;
    var reader = new Thread(() -> read(process, rank, log), "worker " + rank);
    reader.setDaemon(true);
    reader.start();
  }

  private void read(Process process, int rank, Path log) {
    try (var lines =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        OutputStream other = new FileOutputStream(log.toFile(), true)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Optional<RunEvent> event = RunEvent.parse(line);
        if (event.isPresent()) {
          messages.add(new Told(rank, event.get()));
        } else {
          other.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      System.getLogger(Workers.class.getName())
          .log(System.Logger.Level.WARNING, "Worker {0} cannot be heard: {1}", rank, e);
    }
    process.onExit().thenRun(() -> messages.add(new Ended(rank, process.exitValue()))).join();
  }

  /** Returns the next message; empty where none comes in time. */
  Optional<Message> next(Duration patience) throws InterruptedException {
    Message message = messages.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (message instanceof Ended) {
      running--;
    }
    return Optional.ofNullable(message);
  }

  /** Returns how many have not told of their end yet. */
  int running() {
    return running;
  }

  /** Returns the processes. */
  List<ProcessHandle> handles() {
    return processes.values().stream().map(Process::toHandle).toList();
  }

  /**
   * Asks all to write a checkpoint and end. By their handles: {@link Process#destroy} closes the
   * streams too, and what they still tell would be lost.
   */
  void askToEnd() {
    for (Process process : processes.values()) {
      if (process.supportsNormalTermination()) {
        process.toHandle().destroy();
      } else {
        closeInput(process);
      }
    }
  }

  /** Ends all at once. */
  void kill() {
    processes.values().forEach(Process::destroyForcibly);
  }

  /** Ends all at once, and waits until they have ended. */
  @Override
  public void close() {
    kill();
    processes.values().forEach(process -> process.onExit().join());
    processes.values().forEach(Workers::closeInput);
  }

  private static void closeInput(Process process) {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      System.getLogger(Workers.class.getName())
          .log(System.Logger.Level.DEBUG, "The input of {0} does not close: {1}", process, e);
    }
  }

  /** Returns the last lines that the last worker wrote to its log. */
  static List<String> lastLines(Path log, int count) {
    try {
      if (!Files.exists(log)) {
        return List.of();
      }
      byte[] end;
      try (var file = new RandomAccessFile(log.toFile(), "r")) {
        end = new byte[(int) Math.min(file.length(), 1 << 16)];
        file.seek(file.length() - end.length);
        file.readFully(end);
      }
      List<String> all = new String(end, StandardCharsets.UTF_8).lines().toList();
      int begin = all.size();
      while (begin > 0 && !all.get(begin - 1).startsWith(BEGIN)) {
        begin--;
      }
      List<String> lines = all.subList(begin, all.size());
      return lines.subList(Math.max(0, lines.size() - count), lines.size());
    } catch (IOException e) {
      return List.of(FileError.reading(log, e).toString());
    }
  }
}
