package org.llavamed.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Compares with what src/test/scripts/make-expected.py found with pydicom. */
final class PydicomTest {
  private static final List<String> NUMBERS =
      List.of("DS", "IS", "FD", "SL", "SS", "UL", "US", "SV", "UV");

  private final Part10Reader reader = new Part10Reader();
  private int elements;

  private static List<String[]> table(String name) throws IOException {
    try (InputStream stream = PydicomTest.class.getResourceAsStream(name)) {
      String text =
          new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().skip(1).map(line -> line.split("\t", -1)).toList();
    }
  }

  private static String hash(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void everyElementHasTheBytesThatPydicomReads() throws IOException {
    SharedData.rows();
    Map<String, String> different = new TreeMap<>();
    int compared = 0;
    for (String[] row : table("expected.tsv")) {
      if (SharedDataTest.REFUSED.containsKey(row[0])) {
        continue;
      }
      DataSet dataSet = reader.read(SharedData.FOLDER.resolve(row[0])).attributes();
      elements = 0;
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      dump(dataSet, new DataOutputStream(out));
      compared++;
      if (elements != Integer.parseInt(row[1]) || !hash(out.toByteArray()).equals(row[2])) {
        different.put(row[0], elements + " elements, pydicom " + row[1]);
      }
    }
    assertThat(different).isEmpty();
    assertThat(compared).isGreaterThan(160);
  }

  private void dump(DataSet dataSet, DataOutputStream out) throws IOException {
    for (int tag : dataSet.tags()) {
      elements++;
      out.writeInt(tag);
      if (dataSet.vr(tag).orElseThrow().equals("SQ")) {
        out.write('S');
        out.writeInt(dataSet.items(tag).size());
        for (DataSet item : dataSet.items(tag)) {
          dump(item, out);
        }
      } else {
        ByteBuffer value = dataSet.bytes(tag);
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        out.write('V');
        out.writeInt(bytes.length);
        out.write(bytes);
      }
    }
  }

  @Test
  void dicomJsonMeansWhatPydicomWrites() throws IOException {
    SharedData.rows();
    Map<String, String> different = new TreeMap<>();
    int compared = 0;
    for (String[] row : table("expected.tsv")) {
      if (SharedDataTest.REFUSED.containsKey(row[0]) || row[3].equals("-")) {
        continue;
      }
      DataSet dataSet = reader.read(SharedData.FOLDER.resolve(row[0])).attributes();
      List<String> lines = new ArrayList<>();
      canonical(new ObjectMapper().readTree(DicomJson.write(dataSet)), lines);
      compared++;
      if (!hash(String.join("\n", lines).getBytes(StandardCharsets.UTF_8)).equals(row[3])) {
        different.put(row[0], "other JSON");
      }
    }
    assertThat(different).isEmpty();
    assertThat(compared).isGreaterThan(150);
  }

  private static void canonical(JsonNode model, List<String> lines) throws IOException {
    for (Map.Entry<String, JsonNode> entry : model.properties()) {
      int tag = Integer.parseUnsignedInt(entry.getKey(), 16);
      if (Dictionary.isPrivate(tag) || tag == Tag.SpecificCharacterSet || tag == Tag.PixelData) {
        continue;
      }
      String vr = entry.getValue().get("vr").asText();
      lines.add(entry.getKey() + " " + vr);
      if (entry.getValue().has("InlineBinary")) {
        lines.add(hash(entry.getValue().get("InlineBinary").binaryValue()));
      }
      for (JsonNode value : entry.getValue().path("Value")) {
        value(vr, value, lines);
      }
    }
  }

  private static void value(String vr, JsonNode value, List<String> lines) throws IOException {
    if (vr.equals("SQ")) {
      lines.add("(");
      canonical(value, lines);
      lines.add(")");
    } else if (value.isNull()) {
      lines.add("");
    } else if (vr.equals("PN")) {
      List<String> groups = new ArrayList<>();
      for (String name : List.of("Alphabetic", "Ideographic", "Phonetic")) {
        groups.add(value.path(name).asText(""));
      }
      lines.add(String.join("=", groups).replaceAll("=+$", ""));
    } else if (vr.equals("FL")) {
      lines.add("%08x".formatted(Float.floatToRawIntBits((float) value.asDouble())));
    } else if (NUMBERS.contains(vr)) {
      lines.add("%016x".formatted(Double.doubleToRawLongBits(value.asDouble())));
    } else {
      lines.add(value.asText());
    }
  }

  @Test
  void textHasTheCharactersThatPydicomReads() throws IOException {
    SharedData.rows();
    for (String[] row : table("names.tsv")) {
      DataSet dataSet = reader.read(SharedData.FOLDER.resolve(row[0])).attributes();
      int tag = Integer.parseUnsignedInt(row[1], 16);
      String text = String.join("\\", dataSet.strings(tag)).replaceAll("=+$", "");
      assertThat(text.replace("\r", "\\r").replace("\n", "\\n"))
          .as(row[0] + " " + Dictionary.describe(tag))
          .isEqualTo(row[2]);
    }
  }
}
