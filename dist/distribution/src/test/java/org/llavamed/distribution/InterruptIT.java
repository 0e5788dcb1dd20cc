package org.llavamed.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Part10Writer;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.distribution.Product.Outcome;
import org.llavamed.distribution.Product.Running;
import org.llavamed.imaging.DicomObject;

final class InterruptIT {
  private static final int STUDIES = 300;

  @TempDir Path folder;

  @Test
  void ctrlCLeavesOnlyWholeFilesAndSaysSo() throws Exception {
    Path in = Files.createDirectory(folder.resolve("in"));
    for (int i = 0; i < STUDIES; i++) {
      Part10Writer.write(study(i), "1.2.840.10008.1.2.1", in.resolve(i + ".dcm"));
    }
    Path out = folder.resolve("out");
    Running running = Product.start(folder, "annotate", in.toString(), "--out", out.toString());
    waitForFiles(out, running);
    Product.program(folder, "sh", "-c", "kill -INT " + running.process().pid());
    Outcome outcome = Product.finish(running);

    assertThat(outcome.err()).doesNotContain("SIGSEGV", "Exception", "failed:");
    assertThat(outcome.code()).isEqualTo(130);
    assertThat(outcome.out()).contains("Interrupted");
    var reader = new Part10Reader();
    assertThat(Product.files(out))
        .hasSizeLessThan(4 * STUDIES)
        .isNotEmpty()
        .allSatisfy(
            file -> {
              if (file.toString().endsWith(".json")) {
                assertThat(new ObjectMapper().readTree(file.toFile()).has("pictures")).isTrue();
              } else {
                assertThat(file.toString()).endsWith(".dcm");
                DicomObject object = reader.read(file);
                assertThat(object.attributes().string(Tag.SOPInstanceUID)).isPresent();
              }
            });
  }

  private static void waitForFiles(Path out, Running running) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (running.process().isAlive()
        && System.nanoTime() < end
        && (!Files.isDirectory(out) || Product.files(out).size() < 3)) {
      Thread.sleep(20);
    }
  }

  private static DataSet study(int number) {
    String uid = "2.25." + (1000 + number);
    byte[] pixels = new byte[64 * 64];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * (number + 1));
    }
    return new DataSet()
        .putString(Tag.SOPClassUID, Vr.UI, "1.2.840.10008.5.1.4.1.1.7")
        .putString(Tag.SOPInstanceUID, Vr.UI, uid)
        .putString(Tag.StudyInstanceUID, Vr.UI, uid + ".1")
        .putString(Tag.SeriesInstanceUID, Vr.UI, uid + ".2")
        .putString(Tag.Modality, Vr.CS, "OT")
        .putInts(Tag.SamplesPerPixel, Vr.US, 1)
        .putString(Tag.PhotometricInterpretation, Vr.CS, "MONOCHROME2")
        .putInts(Tag.Rows, Vr.US, 64)
        .putInts(Tag.Columns, Vr.US, 64)
        .putInts(Tag.BitsAllocated, Vr.US, 8)
        .putInts(Tag.BitsStored, Vr.US, 8)
        .putInts(Tag.HighBit, Vr.US, 7)
        .putInts(Tag.PixelRepresentation, Vr.US, 0)
        .putBytes(Tag.PixelData, Vr.OB, pixels);
  }
}
