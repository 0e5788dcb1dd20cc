package org.llavamed.annotator.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.llavamed.contract.FakePixelData;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectReader;
import org.llavamed.imaging.PixelData;

/**
 * A stand-in for a DICOM object that lies in a text file, one attribute a line: {@code
 * 00080060=CT}. Attributes with a value that begins with {@code &} are sequences of Referenced File
 * IDs. The reader takes what begins with {@code TEXTDICOM}.
 */
record TextObject(Path file, Map<Integer, String> values) implements DicomObject, Attributes {
  static final String MAGIC = "TEXTDICOM";

  /** Reads text objects. */
  static final ObjectReader READER =
      file -> {
        try {
          List<String> lines = Files.readAllLines(file);
          if (lines.isEmpty() || !lines.get(0).equals(MAGIC)) {
            throw ImagingException.damaged(file, "no DICOM object", "Name a DICOM file");
          }
          Map<Integer, String> values = new TreeMap<>();
          for (String line : lines.subList(1, lines.size())) {
            int equals = line.indexOf('=');
            values.put(
                Integer.parseUnsignedInt(line.substring(0, equals), 16),
                line.substring(equals + 1));
          }
          return new TextObject(file, values);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      };

  @Override
  public String transferSyntaxUid() {
    return "1.2.840.10008.1.2.1";
  }

  @Override
  public Attributes attributes() {
    return this;
  }

  @Override
  public Optional<PixelData> pixelData() {
    return values.containsKey(FakePixelData.PIXEL_DATA)
        ? Optional.of(FakePixelData.littleEndian())
        : Optional.empty();
  }

  @Override
  public Set<Integer> tags() {
    return new TreeSet<>(values.keySet());
  }

  @Override
  public boolean contains(int tag) {
    return values.containsKey(tag);
  }

  @Override
  public Optional<String> vr(int tag) {
    return contains(tag) ? Optional.of("UN") : Optional.empty();
  }

  @Override
  public List<String> strings(int tag) {
    String value = values.getOrDefault(tag, "");
    return value.isEmpty() || value.startsWith("&") ? List.of() : List.of(value.split("\\\\", -1));
  }

  @Override
  public List<Double> numbers(int tag) {
    return strings(tag).stream().map(Double::valueOf).toList();
  }

  @Override
  public List<? extends Attributes> items(int tag) {
    String value = values.getOrDefault(tag, "");
    if (!value.startsWith("&")) {
      return List.of();
    }
    var items = new ArrayList<Attributes>();
    for (String id : value.substring(1).split("\\|", -1)) {
      items.add(
          new TextObject(file, id.isEmpty() ? Map.of() : Map.of(Tags.REFERENCED_FILE_ID, id)));
    }
    return items;
  }

  @Override
  public ByteBuffer bytes(int tag) {
    return ByteBuffer.allocate(0);
  }
}
