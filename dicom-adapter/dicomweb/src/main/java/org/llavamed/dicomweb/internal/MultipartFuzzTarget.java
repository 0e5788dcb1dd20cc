package org.llavamed.dicomweb.internal;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.llavamed.fuzz.FuzzTarget;
import org.llavamed.network.NetworkException;
import org.osgi.service.component.annotations.Component;

/**
 * Multipart bodies. The first line of an input is the value of the header Content-Type, what
 * follows the line feed is the body.
 */
@Component
public final class MultipartFuzzTarget implements FuzzTarget {
  private static final MultipartReader.Limits LIMITS = new MultipartReader.Limits(1000, 1 << 19);
  private static final String TYPE = "multipart/related; type=\"application/dicom\"; boundary=";

  @Override
  public String name() {
    return "multipart";
  }

  @Override
  public List<byte[]> seeds() {
    return Stream.of(
            TYPE
                + "b\npreamble\r\n--b\r\nContent-Type: application/dicom\r\nContent-Length: 5\r\n"
                + "\r\na\r\n-b\r\n--b  \r\n\r\n\r\n--b--\r\nepilogue",
            TYPE
                + "\"a b\"; start=\"<\\\"1\\\">\"\n--a b\r\nContent-Type: application/octet-stream;"
                + " transfer-syntax=1.2.840.10008.1.2.1\r\nContent-Location: /1\r\n"
                + "Content-Transfer-Encoding: binary\r\nContent-Encoding: identity\r\n\r\n"
                + "\r\n--a\r\n--a b--",
            TYPE + "b\n--b--")
        .map(MultipartFuzzTarget::bytes)
        .toList();
  }

  @Override
  public List<byte[]> words() {
    return Stream.of(
            "\r\n",
            "\r\n\r\n",
            "\r\n--b",
            "\r\n--b--",
            "--",
            "Content-Length: 5\r\n",
            ": ",
            "; ",
            "boundary=",
            "\"",
            "\\")
        .map(MultipartFuzzTarget::bytes)
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public String take(byte[] input) {
    int end = 0;
    while (end < input.length && input[end] != '\n') {
      end++;
    }
    String header = new String(input, 0, end, StandardCharsets.ISO_8859_1);
    int body = Math.min(end + 1, input.length);
    try {
      read(header, new ByteArrayInputStream(input, body, input.length - body));
      return "";
    } catch (NetworkException | EOFException e) {
      return String.valueOf(e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void read(String header, ByteArrayInputStream body) throws IOException {
    MediaType type = MediaType.of(Optional.of(header));
    MultipartReader reader = new MultipartReader(body, type, LIMITS, "the input");
    byte[] piece = new byte[61];
    for (var part = reader.next(); part != null; part = reader.next()) {
      part.type();
      int count = 0;
      while (count >= 0) {
        count = part.read(piece, 0, piece.length);
      }
    }
  }
}
