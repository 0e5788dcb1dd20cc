package org.llavamed.dicom.internal;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a file that is not DICOM looks like, by its first bytes. */
public final class FileKind {
  /** Preamble and mark. */
  private static final int HEAD = 132;

  private static final String TIFF = "a TIFF picture";
  private static final String ENVELOPED_DATA = "06092a864886f70d010703";
  private static final List<String> ARCHIVES =
      List.of("504b0304", "1f8b", "377abcaf271c", "52617221");
  private static final Map<String, String> MAGIC = magic();

  private FileKind() {}

  private static Map<String, String> magic() {
    Map<String, String> magic = new LinkedHashMap<>();
    magic.put("ffd8ff", "a JPEG picture");
    magic.put("89504e470d0a1a0a", "a PNG picture");
    magic.put("47494638", "a GIF picture");
    magic.put("49492a00", TIFF);
    magic.put("4d4d002a", TIFF);
    magic.put("0000000c6a502020", "a JPEG 2000 picture");
    magic.put("ff4fff51", "a JPEG 2000 codestream");
    magic.put("424d", "a BMP picture");
    magic.put("25504446", "a PDF document");
    magic.put("504b0304", "a ZIP archive");
    magic.put("1f8b", "a gzip file");
    magic.put("377abcaf271c", "a 7-Zip archive");
    magic.put("52617221", "a RAR archive");
    magic.put("934e554d5059", "a NumPy array");
    magic.put("d0cf11e0a1b11ae1", "a document of an office program, or Thumbs.db");
    magic.put("0000000142756431", "a file of the Finder (.DS_Store)");
    magic.put("7f454c46", "a program");
    magic.put("4d5a", "a program");
    return magic;
  }

  /** Returns whether the bytes begin a CMS message with enveloped data (RFC 5652): encrypted. */
  public static boolean isEncrypted(byte[] start) {
    return start.length > 0
        && start[0] == 0x30
        && HexFormat.of().formatHex(start, 0, Math.min(32, start.length)).contains(ENVELOPED_DATA);
  }

  /**
   * Returns whether what looks like another kind may be DICOM: an archive or a compressed file,
   * which may hold it, or a TIFF picture that ends before there can be the mark DICM, since the
   * preamble of whole slide pictures begins as one.
   */
  public static boolean mayBeDicom(byte[] start) {
    String hex = HexFormat.of().formatHex(start, 0, Math.min(16, start.length));
    return ARCHIVES.stream().anyMatch(hex::startsWith)
        || (start.length < HEAD && describe(start).equals(Optional.of(TIFF)));
  }

  /** Returns a description such as {@code a PNG picture}; empty where nothing is known. */
  public static Optional<String> describe(byte[] start) {
    String hex = HexFormat.of().formatHex(start, 0, Math.min(16, start.length));
    for (Map.Entry<String, String> entry : MAGIC.entrySet()) {
      if (hex.startsWith(entry.getKey())) {
        return Optional.of(entry.getValue());
      }
    }
    if (start.length >= 348 && start[344] == 'n' && start[346] == '1') {
      return Optional.of("a NIfTI volume");
    }
    return isText(start) ? Optional.of(text(start)) : Optional.empty();
  }

  private static String text(byte[] start) {
    String text = new String(start, StandardCharsets.ISO_8859_1).stripLeading();
    return text.startsWith("<")
        ? "an XML or HTML text"
        : text.startsWith("{") ? "a JSON text" : "a text";
  }

  private static boolean isText(byte[] start) {
    for (byte b : start) {
      if (b >= 0 && b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x1B) {
        return false;
      }
    }
    return start.length > 0;
  }
}
