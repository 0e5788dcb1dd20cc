package org.llavamed.trainer.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.llavamed.files.FileError;
import org.llavamed.learning.TrainingException;

/**
 * Keeps others from training in the same folder; ends with the process at the latest. The file
 * names the worker processes, since they write a last checkpoint when this process is gone.
 */
final class RunLock {
  /** The file's name in the folder of the run. */
  static final String NAME = ".lock";

  private static final long MOST_BYTES = 1 << 20;

  private final FileChannel file;

  private RunLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Takes the folder, and makes it where it is not there.
   *
   * @throws TrainingException if another process has it, or it cannot be written
   */
  static RunLock take(Path folder) {
    Path path = folder.resolve(NAME);
    try {
      Files.createDirectories(folder);
      FileChannel file =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (tryLock(file) == null) {
        file.close();
        throw TrainingException.invalid(
            folder, "another process trains there", "Wait for its end, or set another 'out'");
      }
      var lock = new RunLock(file);
      lock.checkWorkers(folder, lock.noted());
      return lock;
    } catch (IOException e) {
      FileError error = FileError.writing(path, e);
      throw TrainingException.invalid(path, error.found(), error.advice(), e);
    }
  }

  /** Reads by the channel of the lock: closing another one of the file would give the lock free. */
  private List<String> noted() throws IOException {
    ByteBuffer content = ByteBuffer.allocate((int) Math.min(file.size(), MOST_BYTES));
    int read = 0;
    while (content.hasRemaining() && read >= 0) {
      read = file.read(content, content.position());
    }
    return StandardCharsets.US_ASCII.decode(content.flip()).toString().lines().toList();
  }

  private void checkWorkers(Path folder, List<String> workers) {
    for (String worker : workers) {
      String pid = worker.replaceAll(" .*", "");
      Optional<ProcessHandle> running =
          pid.matches("\\d{1,18}") ? ProcessHandle.of(Long.parseLong(pid)) : Optional.empty();
      if (running.map(RunLock::line).filter(worker::equals).isPresent()) {
        release();
        throw TrainingException.invalid(
            folder,
            "the worker process %s of a command that was ended still writes there".formatted(pid),
            "Wait until it has ended");
      }
    }
  }

  /** Another process may have the same number later, but not the same begin. */
  private static String line(ProcessHandle process) {
    return "%d %s".formatted(process.pid(), process.info().startInstant().orElse(Instant.EPOCH));
  }

  /** Notes the worker processes. */
  void note(List<ProcessHandle> workers) {
    String lines = workers.stream().map(RunLock::line).collect(Collectors.joining("\n"));
    try {
      file.truncate(0);
      file.write(ByteBuffer.wrap(lines.getBytes(StandardCharsets.US_ASCII)), 0);
    } catch (IOException e) {
      System.getLogger(RunLock.class.getName())
          .log(System.Logger.Level.WARNING, "The worker processes are not noted: {0}", e);
    }
  }

  private static @Nullable Object tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // this process has it
    }
  }

  /** Gives the folder free. */
  void release() {
    try {
      file.close();
    } catch (IOException e) {
      System.getLogger(RunLock.class.getName())
          .log(System.Logger.Level.DEBUG, "A lock is given free by the end of the process: {0}", e);
    }
  }
}
