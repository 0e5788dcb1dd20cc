package org.llavamed.dicomweb.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import org.llavamed.imaging.ImagingException;

/**
 * A multipart/related body of DICOM files (PS3.18 section 8.7.1), read from the disk as the peer
 * takes it.
 */
final class MultipartBody {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final List<Path> files;
  private final String boundary;
  private final long length;

  /**
   * Measures the files.
   *
   * @throws ImagingException if the size of one cannot be had
   */
  MultipartBody(List<Path> files) {
    this.files = List.copyOf(files);
    byte[] random = new byte[18];
    RANDOM.nextBytes(random);
    this.boundary = "llavamed-" + HexFormat.of().formatHex(random);
    long sum = tail().length;
    for (Path file : files) {
      sum += head().length + size(file) + 2;
    }
    this.length = sum;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw ImagingException.unreadable(file, e);
    }
  }

  String contentType() {
    return "multipart/related; type=\"application/dicom\"; boundary=" + boundary;
  }

  private byte[] head() {
    return "--%s\r\nContent-Type: application/dicom\r\n\r\n"
        .formatted(boundary)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] tail() {
    return "--%s--\r\n".formatted(boundary).getBytes(StandardCharsets.US_ASCII);
  }

  /** Returns the body for one request; the progress is told of each piece. */
  BodyPublisher publisher(Progress progress) {
    return BodyPublishers.fromPublisher(
        BodyPublishers.ofInputStream(() -> progress.watch(open())), length);
  }

  /** Opens the body; each file when its turn comes. */
  @SuppressWarnings("JdkObsolete") // SequenceInputStream takes an Enumeration
  InputStream open() {
    List<Supplier<InputStream>> pieces = new ArrayList<>();
    for (Path file : files) {
      pieces.add(() -> new ByteArrayInputStream(head()));
      pieces.add(() -> open(file));
      pieces.add(() -> new ByteArrayInputStream(new byte[] {'\r', '\n'}));
    }
    pieces.add(() -> new ByteArrayInputStream(tail()));
    Enumeration<Supplier<InputStream>> each = Collections.enumeration(pieces);
    return new SequenceInputStream(
        new Enumeration<InputStream>() {
          @Override
          public boolean hasMoreElements() {
            return each.hasMoreElements();
          }

          @Override
          public InputStream nextElement() {
            return each.nextElement().get();
          }
        });
  }

  private static InputStream open(Path file) {
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
