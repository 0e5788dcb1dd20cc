package org.llavamed.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.imaging.ImagingException;

final class SharedDataTest {
  static final Map<String, String> REFUSED =
      Map.of(
          // one stray byte before the first element of a data set without header
          "pydicom/no_meta.dcm", "this is no DICOM file",
          "pydicom-data/emri_small_jpeg_2k_lossless_too_short.dcm", "The file is truncated");

  @TempDir Path folder;

  private final Part10Reader reader = new Part10Reader();

  @Test
  void everyFileIsReadOrRefusedByName() throws IOException {
    Map<String, String> refused = new TreeMap<>();
    for (SharedData.Row row : SharedData.rows()) {
      try {
        Part10Object object = reader.read(row.file());
        if (row.transferSyntax().startsWith("1.")) {
          assertThat(object.transferSyntaxUid()).as(row.path()).isEqualTo(row.transferSyntax());
        }
      } catch (ImagingException e) {
        refused.put(row.path(), e.getMessage());
      }
    }
    System.out.println("Refused: " + refused);
    assertThat(refused.keySet()).isEqualTo(new TreeMap<>(REFUSED).keySet());
    refused.forEach(
        (path, message) ->
            assertThat(message)
                .contains(SharedData.FOLDER.resolve(path).toString())
                .contains(REFUSED.get(path)));
  }

  @Test
  void everyDataSetComesBackFromEverySyntax() throws IOException {
    List<String> tried = new ArrayList<>();
    for (SharedData.Row row : SharedData.rows()) {
      if (REFUSED.containsKey(row.path())) {
        continue;
      }
      DataSet whole = reader.read(row.file()).whole();
      for (int tag : List.of(Tag.MediaStorageSOPClassUID, Tag.MediaStorageSOPInstanceUID)) {
        if (whole.string(tag).isEmpty()) {
          whole.putString(tag, Vr.UI, "1.2.3");
        }
      }
      boolean encapsulated =
          whole.contains(Tag.PixelData)
              && whole.require(Tag.PixelData).value() instanceof Element.Fragments;
      for (String syntax : encapsulated ? List.of(Uids.RLELossless) : SYNTAXES) {
        Path file = folder.resolve("copy.dcm");
        Part10Writer.write(whole, syntax, file);
        DataSet again = reader.read(file).whole();
        assertSame(row.path() + " as " + syntax, again, whole, !syntax.equals(SYNTAXES.get(0)));
        tried.add(row.path());
      }
    }
    assertThat(tried).hasSizeGreaterThan(400);
  }

  /** Group lengths are counted anew; implicit coding does not keep value representations. */
  private static void assertSame(String what, DataSet actual, DataSet expected, boolean explicit) {
    assertThat(actual.tags()).as(what).isEqualTo(expected.tags());
    for (int tag : expected.tags()) {
      String place = what + ", " + Dictionary.describe(tag);
      if ((tag & 0xFFFF) == 0) {
        continue;
      }
      if (explicit || expected.require(tag).value() instanceof Element.Fragments) {
        assertThat(actual.vr(tag)).as(place).isEqualTo(expected.vr(tag));
      }
      assertThat(actual.bytes(tag)).as(place).isEqualTo(expected.bytes(tag));
      assertThat(actual.items(tag)).as(place).hasSameSizeAs(expected.items(tag));
      for (int i = 0; i < expected.items(tag).size(); i++) {
        assertSame(place, actual.items(tag).get(i), expected.items(tag).get(i), explicit);
      }
      if (expected.require(tag).value() instanceof Element.Fragments) {
        assertThat(actual.require(tag).value()).as(place).isEqualTo(expected.require(tag).value());
      }
    }
  }

  private static final List<String> SYNTAXES =
      List.of(
          Uids.ImplicitVRLittleEndian,
          Uids.ExplicitVRLittleEndian,
          Uids.ExplicitVRBigEndian,
          Uids.DeflatedExplicitVRLittleEndian);
}
