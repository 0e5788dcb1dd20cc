package org.llavamed.learning.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.llavamed.engine.Tensor;
import org.llavamed.files.FileError;
import org.llavamed.learning.TrainingException;

/** SHA-256 of what a run depends on, as 64 hexadecimal digits. */
final class Hashes {
  private static final int CHUNK = 1 << 20;

  private Hashes() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  static String of(ByteBuffer bytes) {
    MessageDigest digest = sha256();
    digest.update(bytes.duplicate());
    return hex(digest);
  }

  /** Returns that of a file. */
  static String ofFile(Path file) {
    MessageDigest digest = sha256();
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
      while (channel.read(chunk.clear()) >= 0) {
        digest.update(chunk.flip());
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return hex(digest);
  }

  /** Returns that of the names and contents of the files right in a folder. */
  static String ofFolder(Path folder) {
    MessageDigest digest = sha256();
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> sorted = files.filter(Files::isRegularFile).sorted().toList();
      for (Path file : sorted) {
        digest.update(line(String.valueOf(file.getFileName())));
        digest.update(line(ofFile(file)));
      }
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
    return hex(digest);
  }

  /** Adds name, type, shape and numbers of a tensor. */
  static void add(MessageDigest digest, String name, Tensor tensor) {
    digest.update(line("%s %s %s".formatted(name, tensor.type(), tensor.shape())));
    long bytes = tensor.count() * tensor.type().bytes();
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    for (long offset = 0; offset < bytes; offset += CHUNK) {
      chunk.clear().limit((int) Math.min(CHUNK, bytes - offset));
      tensor.read(offset, chunk);
      digest.update(chunk.flip());
    }
  }

  private static byte[] line(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static TrainingException unreadable(Path path, IOException e) {
    FileError error = FileError.reading(path, e);
    return TrainingException.invalid(path, error.found(), error.advice(), e);
  }
}
