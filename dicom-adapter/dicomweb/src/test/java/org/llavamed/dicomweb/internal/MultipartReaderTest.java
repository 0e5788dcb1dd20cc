package org.llavamed.dicomweb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.network.NetworkException;

class MultipartReaderTest {
  private static final String TWO =
      "preamble\r\n--b\r\nContent-Type: application/dicom\r\nContent-Length: 5\r\n\r\na\r\n-b"
          + "\r\n--b  \r\n\r\n\r\n--b--\r\nepilogue";

  @TempDir Path folder;

  private static List<String> read(String body) throws IOException {
    return read(body.getBytes(StandardCharsets.ISO_8859_1), "multipart/related; boundary=b", 4096);
  }

  /** Reads all parts, with a stream that gives few bytes at a time. */
  private static List<String> read(byte[] body, String type, int step) throws IOException {
    InputStream slow =
        new ByteArrayInputStream(body) {
          @Override
          public int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, step));
          }
        };
    MultipartReader reader =
        new MultipartReader(
            slow, MediaType.of(Optional.of(type)), new MultipartReader.Limits(3, 100_000), "here");
    List<String> parts = new ArrayList<>();
    for (var part = reader.next(); part != null; part = reader.next()) {
      parts.add(new String(part.readAllBytes(), StandardCharsets.ISO_8859_1));
    }
    return parts;
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "5", "7", "4096"})
  void partsAreWhatLiesBetweenTheBoundariesHoweverTheBytesCome(int step) throws Exception {
    byte[] body = TWO.getBytes(StandardCharsets.ISO_8859_1);
    assertThat(read(body, "Multipart/Related; type=\"application/dicom\"; boundary=\"b\"", step))
        .containsExactly("a\r\n-b", "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--b\\r\\nContent-Length: 2\\r\\n\\r\\nabc\\r\\n--b--|part 1 has 3 bytes, its Content-Length says 2",
        "--b\\r\\nContent-Length: -2\\r\\n\\r\\nabc\\r\\n--b--|part 1 has the Content-Length '-2'",
        "--b\\r\\nA: 1\\r\\na: 2\\r\\n\\r\\n--b--|the header a twice",
        "--b\\r\\nA: 1\\r\\n folded\\r\\n\\r\\n--b--|the header line ' folded'",
        "--b\\r\\nnonsense\\r\\n\\r\\n--b--|the header line 'nonsense'",
        "--b\\r\\nA: 1\\n\\r\\n\\r\\n--b--|holds the byte 10, expected CRLF",
        "--b\\r\\nA: 1\\rB\\r\\n\\r\\n--b--|a CR without LF",
        "--bx\\r\\n\\r\\n\\r\\n--b--|is not followed by '--' or the end of the line",
        "--b\\r\\nContent-Transfer-Encoding: base64\\r\\n\\r\\n--b--|Content-Transfer-Encoding 'base64'",
        "--b\\r\\nContent-Encoding: gzip\\r\\n\\r\\n\\r\\n--b--|the Content-Encoding 'gzip', expected identity",
        "--b\\r\\n\\r\\n\\r\\n--b\\r\\n\\r\\n\\r\\n--b\\r\\n\\r\\n\\r\\n--b\\r\\n\\r\\n\\r\\n--b--|more than 3 parts"
      })
  void whatBreaksARuleIsNamed(String body, String message) {
    String text = body.replace("\\r", "\r").replace("\\n", "\n");
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> read(text))
        .withMessageStartingWith("here: ")
        .withMessageContaining(message)
        .withMessageEndingWith(".");
  }

  @Test
  void limitsOfHeadersPartsAndPreambleHold() {
    assertThatThrownBy(() -> read("--b\r\nA: " + "x".repeat(20_000) + "\r\n\r\n\r\n--b--"))
        .hasMessageContaining("more than 16384 bytes of headers");
    StringBuilder many = new StringBuilder("--b\r\n");
    for (int i = 0; i < 40; i++) {
      many.append("h").append(i).append(": 1\r\n");
    }
    assertThatThrownBy(() -> read(many + "\r\n\r\n--b--"))
        .hasMessageContaining("more than 32 headers");
    assertThatThrownBy(() -> read("--b\r\n\r\n" + "x".repeat(100_001) + "\r\n--b--"))
        .hasMessageContaining("part 1 has more than 100000 bytes");
    assertThatThrownBy(() -> read("x".repeat(70_000)))
        .hasMessageContaining("no boundary 'b' within the first 65536 bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "multipart/related",
        "multipart/related; boundary=\"\"",
        "multipart/related; boundary=\"a \"",
        "multipart/related; boundary=\"a\\\"b\"",
        "multipart/related; boundary=01234567890123456789012345678901234567890123456789012345678901234567890"
      })
  void aBoundaryAgainstTheRulesIsNamed(String type) {
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> read(new byte[0], type, 10))
        .withMessageContaining("expected 1 to 70 characters of RFC 2046");
  }

  @Test
  void everyCutOffBodyIsNoticed() throws Exception {
    int whole = TWO.indexOf("--b--") + 5;
    assertThat(read(TWO.substring(0, whole))).hasSize(2);
    for (int length = 0; length < whole; length++) {
      String cut = TWO.substring(0, length);
      assertThatThrownBy(() -> read(cut)).as(cut).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void changedBodiesAreReadOrRefusedByName() {
    long seed = 20260611;
    System.out.println("MultipartReaderTest seed " + seed);
    Random random = new Random(seed);
    String letters = "\r\n-b :;\"=\u0000a";
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      StringBuilder body = new StringBuilder(TWO);
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        int at = random.nextInt(body.length());
        char letter = letters.charAt(random.nextInt(letters.length()));
        switch (random.nextInt(3)) {
          case 0 -> body.setCharAt(at, letter);
          case 1 -> body.insert(at, letter);
          default -> body.deleteCharAt(at);
        }
      }
      try {
        assertThat(read(body.toString())).hasSizeLessThan(4);
      } catch (NetworkException | IOException e) {
        assertThat(e.getMessage()).isNotBlank();
        refused++;
      }
    }
    assertThat(refused).isBetween(5_000, 19_999);
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    Path one = Files.writeString(folder.resolve("one"), "1\r\n--");
    Path two = Files.write(folder.resolve("two"), new byte[70_000]);
    MultipartBody body = new MultipartBody(List.of(one, two));
    byte[] bytes = body.open().readAllBytes();
    assertThat(body.publisher(new Progress()).contentLength()).isEqualTo(bytes.length);
    assertThat(read(bytes, body.contentType(), 4096))
        .containsExactly("1\r\n--", "\u0000".repeat(70_000));
  }
}
