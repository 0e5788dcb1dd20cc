package org.llavamed.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Writer;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.distribution.Product.Outcome;

final class AnnotateIT {
  private static final String HTJ2K = "1.2.840.10008.1.2.4.203";
  private static final String SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";

  @TempDir Path folder;

  @Test
  void badFilesAmongGoodOnesAreNamedOnceEachAndTheGoodOnesAreDone() throws IOException {
    Path in = Files.createDirectory(folder.resolve("in"));
    Files.copy(Samples.brain(), in.resolve("good"));
    Files.copy(Samples.colour(), in.resolve("good too.dcm"));
    byte[] whole = Files.readAllBytes(Samples.brain());
    Files.write(in.resolve("truncated.dcm"), Arrays.copyOf(whole, whole.length / 2));
    Files.write(in.resolve("empty.dcm"), new byte[0]);
    Files.writeString(in.resolve("letter.txt"), "Dear colleague,\nno picture is in here.\n");
    Files.write(in.resolve("encrypted.dcm"), encrypted());
    Part10Writer.write(unsupported(), HTJ2K, in.resolve("unsupported.dcm"));

    Outcome outcome =
        Product.run(folder, "annotate", "in", "--out", "out", "--format", "json,report");

    System.out.println(outcome.err() + outcome.out());
    assertThat(outcome.code()).isEqualTo(1);
    List<String> failures =
        outcome.err().lines().filter(line -> line.startsWith("failed:")).toList();
    assertThat(failures).hasSize(5);
    for (String name :
        List.of("truncated.dcm", "empty.dcm", "letter.txt", "encrypted.dcm", "unsupported.dcm")) {
      assertThat(failures).as(name).filteredOn(line -> line.contains(name)).hasSize(1);
    }
    assertThat(failures)
        .filteredOn(line -> line.contains("unsupported.dcm"))
        .allMatch(line -> line.contains(HTJ2K));
    assertThat(Product.files(folder.resolve("out"))).hasSize(4);
    assertThat(outcome.out()).contains("RESEARCH USE ONLY");
  }

  @Test
  void aQuestionTakesThePlaceOfTheProtocol() {
    Outcome outcome =
        Product.run(
            folder,
            "annotate",
            Samples.brain().toString(),
            "--question",
            "What modality is this?",
            "--format",
            "json");
    assertThat(outcome.err()).doesNotContain("failed:");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out())
        .contains("What modality is this?")
        .doesNotContain("What part of the body is shown?");
    assertThat(Product.files(folder.resolve("llavamed-out"))).hasSize(1);
  }

  @Test
  void anUnknownFormatIsAUsageErrorAndNothingIsWritten() {
    Outcome outcome =
        Product.run(folder, "annotate", Samples.brain().toString(), "--format", "docx");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("docx");
    assertThat(folder.resolve("llavamed-out")).doesNotExist();
  }

  /** The beginning of a CMS message with enveloped data (RFC 5652), as PS3.15 has it. */
  private static byte[] encrypted() {
    byte[] file = new byte[4096];
    byte[] start = HexFormat.of().parseHex("3080" + "06092a864886f70d010703" + "a080308002010031");
    System.arraycopy(start, 0, file, 0, start.length);
    return file;
  }

  private static DataSet unsupported() {
    return new DataSet()
        .putString(Tag.SOPClassUID, Vr.UI, SECONDARY_CAPTURE)
        .putString(Tag.SOPInstanceUID, Vr.UI, "2.25.12")
        .putString(Tag.StudyInstanceUID, Vr.UI, "2.25.12.1")
        .putString(Tag.SeriesInstanceUID, Vr.UI, "2.25.12.2")
        .putString(Tag.Modality, Vr.CS, "OT")
        .putInts(Tag.SamplesPerPixel, Vr.US, 1)
        .putString(Tag.PhotometricInterpretation, Vr.CS, "MONOCHROME2")
        .putInts(Tag.Rows, Vr.US, 8)
        .putInts(Tag.Columns, Vr.US, 8)
        .putInts(Tag.BitsAllocated, Vr.US, 8)
        .putInts(Tag.BitsStored, Vr.US, 8)
        .putInts(Tag.HighBit, Vr.US, 7)
        .putInts(Tag.PixelRepresentation, Vr.US, 0)
        .putFragments(Tag.PixelData, List.of(ByteBuffer.wrap(new byte[16])));
  }
}
