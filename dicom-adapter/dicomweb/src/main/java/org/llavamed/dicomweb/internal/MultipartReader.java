package org.llavamed.dicomweb.internal;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.llavamed.network.NetworkException;

/**
 * Reads a multipart body (RFC 2046 section 5.1) part by part, with a buffer of fixed size. Lines
 * end with CRLF, headers are not folded. What breaks off is an {@link EOFException}; what breaks a
 * rule is a {@link NetworkException} that names the part.
 */
final class MultipartReader {
  private static final int BUFFER = 1 << 16;
  private static final int LONGEST_PREAMBLE = 1 << 16;
  private static final int LONGEST_HEADERS = 1 << 14;
  private static final int MOST_HEADERS = 32;
  private static final Pattern BOUNDARY =
      Pattern.compile("[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]");
  private static final Pattern FIELD = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  /**
   * How much to take.
   *
   * @param parts most parts
   * @param partBytes most bytes of a part
   */
  record Limits(int parts, long partBytes) {}

  private final InputStream in;
  private final Object where;
  private final Limits limits;
  private final byte[] delimiter;
  private final byte[] buffer = new byte[BUFFER];
  private int position;
  private int end;
  private int parts;
  private boolean last;
  private @Nullable Part open;

  /**
   * Makes a reader.
   *
   * @param where for messages
   * @throws NetworkException if the media type names no valid boundary
   */
  MultipartReader(InputStream in, MediaType type, Limits limits, Object where) {
    this.in = in;
    this.where = where;
    this.limits = limits;
    String boundary = type.parameter("boundary");
    if (!BOUNDARY.matcher(boundary).matches()) {
      throw damaged(
          "the multipart answer's boundary is '%s', expected 1 to 70 characters of RFC 2046"
              .formatted(shorten(boundary)));
    }
    delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
    // So that a delimiter at the very beginning is found like the others.
    buffer[0] = '\r';
    buffer[1] = '\n';
    end = 2;
  }

  /**
   * Returns the next part; null after the last. What is left of the part before is skipped.
   *
   * @throws EOFException if the body ends too early
   */
  @Nullable Part next() throws IOException {
    if (last) {
      return null;
    }
    if (open == null) {
      skipPreamble();
    } else {
      open.skipRest();
    }
    if (last) {
      return null;
    }
    if (++parts > limits.parts()) {
      throw damaged("the answer has more than %d parts".formatted(limits.parts()));
    }
    open = new Part(parts, headers());
    return open;
  }

  /** Returns how many parts have begun. */
  int count() {
    return parts;
  }

  private void skipPreamble() throws IOException {
    byte[] sink = new byte[4096];
    long skipped = 0;
    int count;
    while ((count = readUntilDelimiter(sink, 0, sink.length)) >= 0) {
      skipped += count;
      if (skipped > LONGEST_PREAMBLE) {
        throw damaged(
            "no boundary '%s' within the first %d bytes of the answer"
                .formatted(boundary(), LONGEST_PREAMBLE));
      }
    }
  }

  private String boundary() {
    return new String(delimiter, 4, delimiter.length - 4, StandardCharsets.US_ASCII);
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    int left = LONGEST_HEADERS;
    for (String line = line(left); !line.isEmpty(); line = line(left)) {
      left -= line.length() + 2;
      int colon = line.indexOf(':');
      String name = colon < 0 ? "" : line.substring(0, colon).toLowerCase(Locale.ROOT);
      if (!FIELD.matcher(name).matches()) {
        throw damaged("part %d has the header line '%s'".formatted(parts, shorten(line)));
      }
      if (headers.size() == MOST_HEADERS) {
        throw damaged("part %d has more than %d headers".formatted(parts, MOST_HEADERS));
      }
      if (headers.put(name, line.substring(colon + 1).strip()) != null) {
        throw damaged("part %d has the header %s twice".formatted(parts, name));
      }
    }
    return headers;
  }

  /** Reads up to CRLF. */
  private String line(int most) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int value = take();
      if (value == '\r') {
        if (take() != '\n') {
          throw damaged("a header line of part %d has a CR without LF".formatted(parts));
        }
        return line.toString();
      }
      if (value == '\n' || value == 0) {
        throw damaged(
            "a header line of part %d holds the byte %d, expected CRLF at its end"
                .formatted(parts, value));
      }
      line.append((char) value);
      if (line.length() + 2 > most) {
        throw damaged(
            "part %d has more than %d bytes of headers".formatted(parts, LONGEST_HEADERS));
      }
    }
  }

  private int take() throws IOException {
    if (position == end && !fill()) {
      throw brokenOff();
    }
    return buffer[position++] & 0xFF;
  }

  /** Reads more behind what is left; returns false at the end of the body. */
  private boolean fill() throws IOException {
    System.arraycopy(buffer, position, buffer, 0, end - position);
    end -= position;
    position = 0;
    int count = in.read(buffer, end, buffer.length - end);
    if (count > 0) {
      end += count;
    }
    return count >= 0;
  }

  private EOFException brokenOff() {
    return new EOFException(
        parts == 0
            ? "the multipart answer ends before its first part"
            : "the multipart answer ends within part " + parts);
  }

  /**
   * Copies bytes before the next delimiter; returns -1 at the delimiter, which is taken then,
   * together with what follows it in its line.
   */
  private int readUntilDelimiter(byte[] target, int offset, int length) throws IOException {
    while (end - position < delimiter.length) {
      if (!fill()) {
        throw brokenOff();
      }
    }
    int stop = firstCandidate(Math.min(end, position + length));
    if (stop > position) {
      int count = stop - position;
      System.arraycopy(buffer, position, target, offset, count);
      position = stop;
      return count;
    }
    position += delimiter.length;
    finishDelimiter();
    return -1;
  }

  /** Returns where a delimiter begins or may begin, or the limit. */
  private int firstCandidate(int limit) {
    for (int i = position; i < limit; i++) {
      if (buffer[i] == '\r' && matches(i)) {
        return i;
      }
    }
    return limit;
  }

  /** Returns whether what the buffer holds from there is the delimiter or a beginning of it. */
  private boolean matches(int start) {
    int known = Math.min(delimiter.length, end - start);
    for (int i = 0; i < known; i++) {
      if (buffer[start + i] != delimiter[i]) {
        return false;
      }
    }
    return true;
  }

  /** Takes {@code --}, or white space and CRLF. */
  private void finishDelimiter() throws IOException {
    int value = take();
    if (value == '-' && take() == '-') {
      last = true;
      return;
    }
    int spaces = 0;
    while ((value == ' ' || value == '\t') && ++spaces < BUFFER) {
      value = take();
    }
    if (value != '\r' || take() != '\n') {
      throw damaged(
          "the boundary after part %d is not followed by '--' or the end of the line"
              .formatted(parts));
    }
  }

  private NetworkException damaged(String found) {
    return NetworkException.failed(
        where, found, "Report this to those who run the service (RFC 2046 section 5.1)");
  }

  private static String shorten(String line) {
    return line.length() > 80 ? line.substring(0, 80) + "..." : line;
  }

  /** A part; its body is valid until the next one is asked for. */
  final class Part extends InputStream {
    private final int number;
    private final Map<String, String> headers;
    private final long declared;
    private long count;
    private boolean finished;

    private Part(int number, Map<String, String> headers) {
      this.number = number;
      this.headers = headers;
      String length = headers.get("content-length");
      if (length != null && !length.matches("[0-9]{1,18}")) {
        throw damaged("part %d has the Content-Length '%s'".formatted(number, shorten(length)));
      }
      declared = length == null ? -1 : Long.parseLong(length);
      checkCoding("Content-Transfer-Encoding", "binary|8bit|7bit");
      checkCoding("Content-Encoding", "identity");
    }

    /** What is compressed or encoded would be taken for the object itself. */
    private void checkCoding(String name, String known) {
      String coding = headers.get(name.toLowerCase(Locale.ROOT));
      if (coding != null && !coding.matches("(?i)" + known)) {
        throw damaged(
            "part %d has the %s '%s', expected %s"
                .formatted(number, name, shorten(coding), known.replace("|", ", ")));
      }
    }

    /** Returns its place in the body, from 1. */
    int number() {
      return number;
    }

    MediaType type() {
      return MediaType.of(Optional.ofNullable(headers.get("content-type")));
    }

    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (finished) {
        return -1;
      }
      if (length == 0) {
        return 0;
      }
      int read = readUntilDelimiter(target, offset, length);
      if (read < 0) {
        finished = true;
        checkLength();
        return -1;
      }
      count += read;
      if (count > limits.partBytes()) {
        throw damaged("part %d has more than %d bytes".formatted(number, limits.partBytes()));
      }
      return read;
    }

    private void checkLength() {
      if (declared >= 0 && declared != count) {
        throw damaged(
            "part %d has %d bytes, its Content-Length says %d".formatted(number, count, declared));
      }
    }

    private void skipRest() throws IOException {
      if (!finished) {
        transferTo(OutputStream.nullOutputStream());
      }
    }
  }
}
