package org.llavamed.codec.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.llavamed.contract.StoredValuesSummary;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.ffmpeg.internal.FfmpegDecoders;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.StoredFrame;

/**
 * Decodes every file of the reference collection and holds docs/conformance/decoding.md to what
 * comes out. With {@code -Dllavamed.docs.write=true} the table is written instead of compared.
 */
final class DecodingTableTest {
  private static final Path TABLE = Path.of("../../docs/conformance/decoding.md");
  private static final String WRONG = "WRONG";

  /** See {@link #header}. */
  private static final String SHIFTED = "pydicom/no_meta.dcm";

  private final PixelFrameDecoder decoder =
      new PixelFrameDecoder(List.of(FfmpegDecoders.inTarget()));

  @Test
  void everyFileHasTheOutcomeThatTheTableSays() throws IOException {
    ReferenceCollection collection = ReferenceCollection.orSkip();
    List<String> lines = new ArrayList<>();
    Map<String, Integer> counts = new TreeMap<>();
    for (ReferenceCollection.Row row : collection.rows()) {
      String outcome = outcome(collection, row);
      counts.merge(outcome.replaceFirst(": .*", ""), 1, Integer::sum);
      lines.add("| `%s` | %s | %s |".formatted(row.path(), row.syntax(), outcome));
    }
    String table = header(counts) + String.join("\n", lines) + "\n";
    if (Boolean.getBoolean("llavamed.docs.write")) {
      Files.createDirectories(TABLE.getParent());
      Files.writeString(TABLE, table);
    }
    assertThat(lines).noneMatch(line -> line.contains(WRONG));
    assertThat(table)
        .as("%s; write it again with -Dllavamed.docs.write=true", TABLE)
        .isEqualTo(Files.readString(TABLE));
  }

  private static String header(Map<String, Integer> counts) {
    StringBuilder text =
        new StringBuilder(
            """
            # Which files decode

            Every file of the reference collection, whose stored values come from pydicom, GDCM and
            dcmtk.

            - decodes: the hash of all stored values is the reference's;
            - decodes within n: no value of a lossy frame is farther than n from the reference;
            - no pixels: recognised as an object without pixels;
            - error: damaged or no DICOM file, and named as that.

            High-Throughput JPEG 2000 is decoded by the optional bundle (docs/ffmpeg.md), all else by
            the default distribution.

            One outcome differs from the reference's on purpose. `pydicom/no_meta.dcm` is a data set
            without header behind one stray byte. pydicom, told to read any file, takes the shifted
            bytes for a single unknown element of 173 MB and so finds no pixels. No rule tells such a
            file from any other bytes: it is refused. Data sets without header are read where their
            first bytes are an element of the dictionary.

            Written by `DecodingTableTest`; written anew with `-Dllavamed.docs.write=true`.

            | outcome | files |
            |---|---|
            """);
    counts.forEach((outcome, count) -> text.append("| %s | %d |\n".formatted(outcome, count)));
    return text.append("\n| file | transfer syntax | outcome |\n|---|---|---|\n").toString();
  }

  private String outcome(ReferenceCollection collection, ReferenceCollection.Row row) {
    try {
      DicomObject object = new Part10Reader().read(collection.folder().resolve(row.path()));
      if (object.pixelData().isEmpty() && row.decode().equals("no-pixels")) {
        return "no pixels";
      }
      return decoded(collection, row, object);
    } catch (ImagingException e) {
      String message =
          Objects.requireNonNull(e.getMessage())
              .replace(collection.folder().resolve(row.path()).toString(), "")
              .replaceFirst("^[:,] ", "")
              .replace("|", "\\|");
      if (row.decode().equals("error") || row.path().equals(SHIFTED)) {
        return "error: " + message;
      }
      return WRONG + message;
    }
  }

  private String decoded(
      ReferenceCollection collection, ReferenceCollection.Row row, DicomObject object) {
    StoredValuesSummary found = StoredValuesSummary.of(decoder, object);
    boolean described = found.shape().equals(row.shape()) && found.type().equals(row.type());
    if (described && found.sha256().startsWith(row.hash())) {
      return "decodes";
    }
    if (described && row.decode().equals("tolerance")) {
      int difference = difference(object, collection.reference(row));
      if (difference <= Integer.parseInt(row.mostDifference())) {
        return "decodes within " + difference;
      }
    }
    return WRONG + found;
  }

  /** Returns the greatest difference of a value from the reference. */
  private int difference(DicomObject object, ByteBuffer expected) {
    int most = 0;
    for (int i = 0; expected.hasRemaining(); i++) {
      StoredFrame frame = decoder.decode(object, i);
      ByteBuffer found = frame.values();
      while (found.hasRemaining()) {
        int difference =
            frame.type().bytes() == 1
                ? (found.get() & 0xFF) - (expected.get() & 0xFF)
                : found.getChar() - expected.getChar();
        most = Math.max(most, Math.abs(difference));
      }
    }
    return most;
  }
}
