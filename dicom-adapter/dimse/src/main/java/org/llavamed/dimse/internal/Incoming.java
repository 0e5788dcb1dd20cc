package org.llavamed.dimse.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The temporary files of objects that come, {@code .incoming/PROCESS-START-RANDOM.part}. Several
 * processes may use one folder.
 */
final class Incoming {
  private static final System.Logger LOGGER = System.getLogger(Incoming.class.getName());
  private static final Pattern NAME = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})-[^.]+\\.part");

  /** After this time a file is no longer one of a process that other systems run on the folder. */
  private static final Duration UNTOUCHED = Duration.ofMinutes(2);

  private final Path folder;

  /** Opens a folder, and deletes files of processes that have ended. */
  Incoming(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder);
    try (Stream<Path> left = Files.list(folder)) {
      left.filter(Incoming::isLeft).forEach(Incoming::discard);
    }
  }

  /** Returns the name of a new temporary file. */
  Path next() {
    ProcessHandle process = ProcessHandle.current();
    return folder.resolve(
        "%d-%d-%s.part".formatted(process.pid(), start(process), UUID.randomUUID()));
  }

  private static long start(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  private static boolean isLeft(Path file) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    if (!file.toString().endsWith(".part")) {
      return false;
    }
    boolean runs =
        name.matches()
            && ProcessHandle.of(Long.parseLong(name.group(1)))
                .filter(process -> start(process) == Long.parseLong(name.group(2)))
                .isPresent();
    return !runs && isUntouched(file);
  }

  private static boolean isUntouched(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(Instant.now().minus(UNTOUCHED));
    } catch (NoSuchFileException e) {
      return false; // it was moved to its place
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.WARNING, "{0} cannot be looked at: {1}", file, e);
      return false;
    }
  }

  /** Deletes a temporary file, where it is still there. */
  static void discard(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.WARNING, "{0} cannot be deleted: {1}", temporary, e);
    }
  }
}
