package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.codec.internal.PixelFrameDecoder;
import org.llavamed.contract.StoredValuesSummary;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Object;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Part10Writer;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelDescription;

/** What becomes of compressed objects with the decoder that ships. */
final class DecompressionTest {
  private static final Path GOLDEN = Path.of("../codec/src/test/resources/golden");
  private static final String SYNTAX = Uids.ExplicitVRLittleEndian;

  @TempDir Path folder;
  private final FrameDecoder decoder = new PixelFrameDecoder();

  private Part10Object transcoded(Path file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Part10Writer.writeStart(Uids.CTImageStorage, "1.2.3", SYNTAX, bytes);
    new Transcoder(decoder).transcode(file, SYNTAX).writeTo(bytes);
    return new Part10Reader().read(Files.write(folder.resolve("out.dcm"), bytes.toByteArray()));
  }

  private DataSet attributes(DataSet image, String transferSyntaxUid) throws IOException {
    return transcoded(Objects.write(folder, "in.dcm", image, transferSyntaxUid)).whole();
  }

  /** The rows of compressed files, whose values come from other implementations. */
  static List<String> compressed() throws IOException {
    List<String> rows = new ArrayList<>();
    for (String row : Files.readAllLines(GOLDEN.resolve("expected.tsv"))) {
      if (!row.startsWith("#") && encapsulated(row)) {
        rows.add(row);
      }
    }
    assertThat(rows).hasSizeGreaterThan(50);
    return rows;
  }

  private static boolean encapsulated(String row) {
    Path file = GOLDEN.resolve(row.split("\t", -1)[0]);
    return new Part10Reader().read(file).pixelData().orElseThrow().encapsulated();
  }

  @ParameterizedTest
  @MethodSource("compressed")
  void thePixelsAreThoseOfOtherImplementations(String row) throws IOException {
    String[] fields = row.split("\t", -1);
    Part10Object object = transcoded(GOLDEN.resolve(fields[0]));
    StoredValuesSummary found = StoredValuesSummary.of(decoder, object);
    assertThat(List.of(found.shape(), found.type(), found.sha256()))
        .containsExactly(fields[1], fields[2], fields[3]);
  }

  @ParameterizedTest
  @CsvSource({
    "dcmdrle, rle-16-signed",
    "dcmdjpeg, jpeg-lossless-1",
    "dcmdjpeg, jpeg-lossless-10-bits",
    "dcmdjpeg, jpeg-lossless-sv1",
    "dcmdjpeg, jpeg-grey",
    "dcmdjpls, jpeg-ls-8-bits",
    "dcmdjpls, jpeg-ls-12-bits",
    "dcmdjpls, jpeg-ls-near-1-8-bits"
  })
  void theImageIsThatOfDcmtk(String program, String name) throws Exception {
    Program.require("dcmtk", program);
    Path file = GOLDEN.resolve(name + ".dcm").toAbsolutePath();
    Program.run(folder, program, file, "expected.dcm");
    DataSet expected = new Part10Reader().read(folder.resolve("expected.dcm")).whole();
    DataSet found = transcoded(file).whole();
    for (int tag : new int[] {Tag.BitsAllocated, Tag.BitsStored, Tag.HighBit, Tag.Rows}) {
      assertThat(found.integer(tag)).isEqualTo(expected.integer(tag));
    }
    assertThat(found.bytes(Tag.PixelData)).isEqualTo(expected.bytes(Tag.PixelData));
  }

  private List<ByteBuffer> framesOfBits(Part10Object object) {
    PixelDescription description = PixelDescription.of(object);
    List<ByteBuffer> frames = new ArrayList<>();
    for (int i = 0; i < description.frames(); i++) {
      ByteBuffer values = decoder.decode(object, i).values();
      BitSet bits = new BitSet();
      for (int j = 0; j < values.limit(); j++) {
        bits.set(j, values.get(j) == 1);
      }
      byte[] packed = new byte[(values.limit() + 7) / 8];
      ByteBuffer.wrap(packed).put(bits.toByteArray());
      frames.add(ByteBuffer.wrap(packed));
    }
    return frames;
  }

  private static ByteBuffer deflated(ByteBuffer frame) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(frame);
    deflater.finish();
    byte[] bytes = new byte[1000];
    int length = deflater.deflate(bytes);
    deflater.end();
    return ByteBuffer.wrap(bytes, 0, length);
  }

  /** One segment of literal runs. */
  private static ByteBuffer rle(ByteBuffer frame) {
    ByteBuffer rle = ByteBuffer.allocate(64 + 2 * frame.remaining());
    rle.order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(1).putInt(64).position(64);
    for (int i = 0; i < frame.limit(); i++) {
      rle.put((byte) 0).put(frame.get(i));
    }
    return rle.flip();
  }

  /** Three frames of 35 single bits, which begin within a byte; the bytes are of numpy. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        Uids.DeflatedImageFrameCompression,
        Uids.EncapsulatedUncompressedExplicitVRLittleEndian,
        Uids.RLELossless
      })
  void framesOfSingleBitsArePackedWithoutAGapBetweenThem(String transferSyntaxUid)
      throws IOException {
    Part10Object plain = new Part10Reader().read(GOLDEN.resolve("one-bit-3-frames.dcm"));
    List<ByteBuffer> frames =
        framesOfBits(plain).stream()
            .map(
                frame ->
                    switch (transferSyntaxUid) {
                      case Uids.DeflatedImageFrameCompression -> deflated(frame);
                      case Uids.RLELossless -> rle(frame);
                      default -> frame;
                    })
            .toList();
    DataSet image = DataSet.copyOf(plain.attributes()).putFragments(Tag.PixelData, frames);
    DataSet found = attributes(image, transferSyntaxUid);
    assertThat(found.integer(Tag.BitsAllocated)).hasValue(1);
    assertThat(found.integer(Tag.BitsStored)).hasValue(1);
    assertThat(found.integer(Tag.HighBit)).hasValue(0);
    assertThat(found.bytes(Tag.PixelData)).isEqualTo(plain.whole().bytes(Tag.PixelData));
    assertThat(found.string(Tag.LossyImageCompression)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"6, 7", "7, 0"})
  void anOverlayInUnusedBitsOfThePixelDataIsRefusedByName(int highBit, int overlayBit) {
    DataSet image =
        Objects.rle(1, 128)
            .putInts(Tag.BitsStored, Vr.US, 7)
            .putInts(Tag.HighBit, Vr.US, highBit)
            .putInts(0x60020100, Vr.US, 8)
            .putInts(0x60020102, Vr.US, overlayBit);
    Path file = Objects.write(folder, "in.dcm", image, Uids.RLELossless);
    assertThatThrownBy(() -> transcoded(file))
        .isInstanceOf(ImagingException.class)
        .hasMessage(
            "%s: Decompressing an overlay in bit %d of the pixel data is not supported. Send the"
                + " object to a peer that takes its transfer syntax 1.2.840.10008.1.2.5.",
            file, overlayBit);
  }

  @Test
  void anOverlayThatNamesNoBitOfThePixelsIsNone() throws IOException {
    DataSet image = Objects.rle(1, 128).putInts(0x60020100, Vr.US, 1).putInts(0x60020102, Vr.US, 3);
    assertThat(attributes(image, Uids.RLELossless).integer(0x60020102)).hasValue(3);
  }

  @Test
  void anOverlayWithDataOfItsOwnStays() throws IOException {
    DataSet image =
        Objects.rle(1, 128)
            .putInts(0x60000102, Vr.US, 0)
            .putBytes(0x60003000, Vr.OB, new byte[2048])
            .putInts(0x60020102, Vr.US, 3) // contradicts the data, which counts
            .putBytes(0x60023000, Vr.OB, new byte[2048]);
    DataSet found = attributes(image, Uids.RLELossless);
    assertThat(found.bytes(0x60003000)).isEqualTo(ByteBuffer.allocate(2048));
    assertThat(found.bytes(0x60023000)).isEqualTo(ByteBuffer.allocate(2048));
  }

  @ParameterizedTest
  @CsvSource({
    "jpeg-grey, 01",
    "jpeg-12-extended, 01",
    "jpeg-12-progressive, 01",
    "jpeg-ls-near-1-8-bits, 01",
    "../jpeg2000/grey-lossy, 01",
    "jpeg-lossless-1, ''",
    "jpeg-lossless-sv1, ''",
    "jpeg-ls-8-bits, ''",
    "../jpeg2000/grey-8, ''",
    "rle-16-signed, ''",
    "deflated-frames, ''",
    "encapsulated-uncompressed, ''"
  })
  void valuesFromASyntaxThatAllowsLossAreMarkedSo(String name, String mark) throws IOException {
    Part10Object object = new Part10Reader().read(GOLDEN.resolve(name + ".dcm"));
    DataSet image = object.whole().remove(Tag.LossyImageCompression);
    DataSet found = attributes(image, object.transferSyntaxUid());
    assertThat(found.string(Tag.LossyImageCompression).orElse("")).isEqualTo(mark);
  }

  @ParameterizedTest
  @CsvSource({"jpeg-ls-near-1-8-bits, 00", "jpeg-grey, 01", "jpeg-ls-8-bits, 01"})
  void whatTheObjectSaysOfLossStays(String name, String said) throws IOException {
    Part10Object object = new Part10Reader().read(GOLDEN.resolve(name + ".dcm"));
    DataSet image = object.whole().putString(Tag.LossyImageCompression, Vr.CS, said);
    assertThat(attributes(image, object.transferSyntaxUid()).string(Tag.LossyImageCompression))
        .contains(said);
  }
}
