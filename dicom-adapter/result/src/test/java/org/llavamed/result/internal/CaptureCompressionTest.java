package org.llavamed.result.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavamed.annotation.Annotation;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.annotation.ResultWriter.ResultFile;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Object;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;

/** Captures in each transfer syntax, as our own and other people's programs read them. */
final class CaptureCompressionTest {
  @TempDir Path folder;

  /** Two grey pictures of different sizes and one in colour. */
  private static Annotation pictures() {
    Reading grey = Sources.reading(Sources.object("brain.dcm", Sources.header()));
    Reading large =
        new Reading(grey.object(), 1, 3, Sources.picture(640, 70, 1, 90), Sources.findings("B"));
    Reading colour =
        new Reading(grey.object(), 2, 3, Sources.picture(65, 47, 3, 30), Sources.findings("C"));
    return Sources.annotation(grey, large, colour);
  }

  private List<Path> captures(CaptureSyntax syntax) {
    return Sources.writer(syntax)
        .write(pictures(), Set.of(Format.SC, Format.MFSC), folder.resolve(syntax.name()))
        .files()
        .stream()
        .map(ResultFile::file)
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void dciodvfyFindsNoErrorInAnyTransferSyntax(CaptureSyntax syntax) throws Exception {
    Tool dciodvfy = new Tool("dciodvfy");
    dciodvfy.requireInstalled("dicom3tools");
    for (Path file : captures(syntax)) {
      assertThat(new Part10Reader().read(file).transferSyntaxUid()).isEqualTo(syntax.uid());
      assertThat(dciodvfy.run(List.of(file)).beginningWith("Error", "Abort"))
          .as(file.toString())
          .isEmpty();
    }
  }

  @Test
  void dcmtkReadsTheSamePixelsFromRle() throws Exception {
    assertThat(largestDifference("dcmdrle", CaptureSyntax.RLE)).isZero();
  }

  @Test
  void dcmtkReadsNearlyTheSamePixelsFromJpeg() throws Exception {
    assertThat(largestDifference("dcmdjpeg", CaptureSyntax.JPEG)).isBetween(1, 60);
  }

  private int largestDifference(String program, CaptureSyntax syntax) throws Exception {
    Tool tool = new Tool(program);
    tool.requireInstalled("dcmtk");
    List<Path> plain = captures(CaptureSyntax.NATIVE);
    List<Path> compressed = captures(syntax);
    assertThat(compressed).hasSameSizeAs(plain).hasSize(5);
    int most = 0;
    for (int i = 0; i < plain.size(); i++) {
      Path decoded = folder.resolve("decoded.dcm");
      assertThat(tool.run(List.of(compressed.get(i), decoded)).exitCode()).isZero();
      most = Math.max(most, difference(pixels(decoded), pixels(plain.get(i))));
    }
    return most;
  }

  private static ByteBuffer pixels(Path file) {
    return new Part10Reader().read(file).whole().bytes(Tag.PixelData);
  }

  private static int difference(ByteBuffer a, ByteBuffer b) {
    assertThat(a.remaining()).isEqualTo(b.remaining());
    int most = 0;
    while (a.hasRemaining()) {
      most = Math.max(most, Math.abs((a.get() & 0xFF) - (b.get() & 0xFF)));
    }
    return most;
  }

  @Test
  void onlyJpegSaysThatItLostSomething() {
    for (Path file : captures(CaptureSyntax.RLE)) {
      DataSet object = new Part10Reader().read(file).attributes();
      assertThat(object.string(Tag.LossyImageCompression)).isEmpty();
      assertThat(object.string(Tag.PhotometricInterpretation).orElseThrow())
          .isIn("RGB", "MONOCHROME2");
    }
    for (Path file : captures(CaptureSyntax.JPEG)) {
      Part10Object object = new Part10Reader().read(file);
      assertThat(object.attributes().string(Tag.LossyImageCompression)).contains("01");
      assertThat(object.attributes().string(Tag.LossyImageCompressionMethod))
          .contains("ISO_10918_1");
      double ratio = object.attributes().numbers(Tag.LossyImageCompressionRatio).get(0);
      assertThat(ratio).isGreaterThan(2);
      assertThat(object.attributes().string(Tag.PhotometricInterpretation).orElseThrow())
          .isIn("YBR_FULL_422", "MONOCHROME2");
    }
  }

  @Test
  void theSameRunWritesTheSameUids() {
    List<Optional<String>> first = uids(captures(CaptureSyntax.JPEG));
    assertThat(uids(captures(CaptureSyntax.JPEG))).isEqualTo(first);
    assertThat(uids(captures(CaptureSyntax.NATIVE))).doesNotContainAnyElementsOf(first);
  }

  private static List<Optional<String>> uids(List<Path> files) {
    return files.stream()
        .map(file -> new Part10Reader().read(file).attributes().string(Tag.SOPInstanceUID))
        .toList();
  }

  @Test
  void namesATransferSyntaxThatIsNotThere() {
    assertThat(CaptureSyntax.of(" Rle ").uid()).isEqualTo(Uids.RLELossless);
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> CaptureSyntax.of("jpeg-ls"))
        .withMessage(
            "captureTransferSyntax in the configuration org.llavamed.result is 'jpeg-ls', expected"
                + " one of [native, rle, jpeg]");
  }
}
