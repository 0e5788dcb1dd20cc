package org.llavamed.distribution;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files that the tests read. */
final class Samples {
  /**
   * Ten files of the reference data: CT, MR, US, CR, SM and OT; native, big endian, RLE and JPEG
   * baseline; single and multi-frame; grey, RGB and YBR.
   */
  private static final List<String> TEN =
      List.of(
          "pydicom/CT_small.dcm",
          "pydicom-data/693_UNCI.dcm",
          "pydicom/MR_small_RLE.dcm",
          "pydicom-data/MR-SIEMENS-DICOM-WithOverlays.dcm",
          "pydicom/ExplVR_BigEnd.dcm",
          "pydicom/examples_rgb_color.dcm",
          "pydicom/examples_ybr_color.dcm",
          "pydicom/6154",
          "highdicom/sm_image_control.dcm",
          "pydicom/SC_rgb_rle_2frame.dcm");

  private Samples() {}

  /** Returns the folder of the samples that ship. */
  static Path shipped() {
    return Product.home().resolve("samples");
  }

  /** Returns one slice of the MR series that ships. */
  static Path brain() {
    return shipped().resolve("mr-brain/brain_011.dcm");
  }

  /** Returns the colour sample that ships. */
  static Path colour() {
    return shipped().resolve("colour/mr-brain-colour.dcm");
  }

  /** Returns the ten files; skips the test, visibly, where the reference data is absent. */
  static List<Path> tenOfTheReferenceData() {
    return TEN.stream().map(reference()::resolve).toList();
  }

  /** Returns the folder of the reference data; skips the test, visibly, where it is absent. */
  static Path reference() {
    Path folder = Path.of(System.getProperty("shared.data", "")).resolve("dicom");
    if (!Files.isDirectory(folder)) {
      System.out.println("SKIPPED: no reference data in " + folder + "; set -Dshared.data=FOLDER");
    }
    assumeTrue(Files.isDirectory(folder), "no reference data in " + folder);
    return folder;
  }
}
