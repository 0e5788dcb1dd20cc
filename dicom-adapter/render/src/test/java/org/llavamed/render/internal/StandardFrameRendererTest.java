package org.llavamed.render.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.contract.FakeAttributes;
import org.llavamed.contract.FakeObject;
import org.llavamed.contract.FakePixelData;
import org.llavamed.contract.FrameRendererContract;
import org.llavamed.imaging.FrameRenderer;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.RenderedFrame;
import org.llavamed.imaging.SampleType;
import org.llavamed.imaging.StoredFrame;

/** Rules between the cases of the golden pictures, and what is said of objects that are wrong. */
final class StandardFrameRendererTest extends FrameRendererContract {
  private static final int MODALITY = 0x00080060;
  private static final int BODY_PART_EXAMINED = 0x00180015;
  private static final int SAMPLES = 0x00280002;
  private static final int PHOTOMETRIC = 0x00280004;
  private static final int PIXEL_PRESENTATION = 0x00089205;
  private static final int PADDING = 0x00280120;
  private static final int WINDOW_CENTER = 0x00281050;
  private static final int WINDOW_WIDTH = 0x00281051;
  private static final int RESCALE_INTERCEPT = 0x00281052;
  private static final int RESCALE_SLOPE = 0x00281053;
  private static final int RED_DESCRIPTOR = 0x00281101;
  private static final int RED_DATA = 0x00281201;
  private static final int RED_SEGMENTED_DATA = 0x00281221;
  private static final int VOI_LUT_SEQUENCE = 0x00283010;
  private static final int LUT_DESCRIPTOR = 0x00283002;
  private static final int LUT_DATA = 0x00283006;
  private static final String ADVICE = " Correct the header or export the object again.";

  private final StandardFrameRenderer renderer = new StandardFrameRenderer();

  @Override
  protected FrameRenderer renderer() {
    return renderer;
  }

  @Test
  void takesTheFirstWindowThatTheStandardAllows() {
    RenderedFrame frame =
        render(
            Map.of(WINDOW_CENTER, List.of(10, 20, 30), WINDOW_WIDTH, List.of(0, Double.NaN, 60)),
            0,
            100);

    assertThat(frame.rendering().description()).isEqualTo("FILE_WINDOW 30.0000/60.0000");
  }

  @Test
  void bodyPartsAreFoundInAnySpellingAndOthersGetTheGeneralWindow() {
    assertThat(bodyPart("Lung")).isEqualTo("BODY_PART_TABLE -600.000/1500.00");
    assertThat(bodyPart("C SPINE")).isEqualTo("BODY_PART_TABLE 400.000/1800.00");
    assertThat(bodyPart("TAIL")).isEqualTo("BODY_PART_TABLE 40.0000/400.000");
  }

  @Test
  void ctWithoutHounsfieldUnitsGetsPercentiles() {
    assertThat(render(Map.of(MODALITY, "CT"), 0, 100).rendering().description())
        .isEqualTo("PERCENTILES 50.0000/100.000");
  }

  @Test
  void anUnusableRescaleIsLeftOut() {
    RenderedFrame frame =
        render(Map.of(RESCALE_SLOPE, List.of(0), RESCALE_INTERCEPT, List.of(7)), 0, 100);

    assertThat(frame.rendering().description()).isEqualTo("PERCENTILES 50.0000/100.000");
  }

  @Test
  void aNegativeSlopeTurnsThePictureRound() {
    RenderedFrame frame =
        render(Map.of(RESCALE_SLOPE, List.of(-1), RESCALE_INTERCEPT, List.of(0)), 0, 100);

    assertThat(pixels(frame)).containsExactly(-1, 0);
    assertThat(frame.rendering().description()).isEqualTo("PERCENTILES -50.0000/100.000");
  }

  @Test
  void aFrameOfPaddingIsBlack() {
    assertThat(pixels(render(Map.of(PADDING, List.of(9)), 9, 9))).containsExactly(0, 0);
  }

  @Test
  void paddingOfAnImplicitVrTakesTheSignOfThePixels() {
    Padding padding =
        Padding.of(new FakeAttributes(Map.of(PADDING, List.of(63536))), SampleType.INT16);

    assertThat(padding).isEqualTo(new Padding(-2000, -2000));
  }

  @Test
  void aTableThatClaims16BitsButUses8IsTakenAs8() {
    Map<Integer, Object> palette = new TreeMap<>(Map.of(PHOTOMETRIC, "PALETTE COLOR"));
    for (int colour = 0; colour < 3; colour++) {
      palette.put(RED_DESCRIPTOR + colour, List.of(2, 0, 16));
      palette.put(RED_DATA + colour, new byte[] {0, 0, (byte) 200, 0});
    }

    assertThat(pixels(render(palette, 0, 1))).containsExactly(0, 0, 0, 200, 200, 200);
  }

  @Test
  void aPaletteOfAGreyPictureIsAppliedOnlyWherePixelPresentationSaysSo() {
    Map<Integer, Object> grey = supplemental();

    assertThat(pixels(render(grey, 0, 100)))
        .containsExactly(0, 0, 0, (byte) 200, (byte) 200, (byte) 200);
    assertThat(pixels(render(with(grey, PIXEL_PRESENTATION, "MIXED"), 0, 100)))
        .containsExactly(0, 0, 0, (byte) 200, (byte) 200, (byte) 200);
    assertThat(pixels(render(with(grey, PIXEL_PRESENTATION, "MONOCHROME"), 0, 100)))
        .containsExactly(0, -1);
    grey.remove(PIXEL_PRESENTATION);
    assertThat(pixels(render(grey, 0, 100))).containsExactly(0, -1);
  }

  @Test
  void aPictureOfColoursAloneHasNoGreyToMakeAWindowOf() {
    assertThat(pixels(render(supplemental(), 100, 101)))
        .containsExactly((byte) 200, (byte) 200, (byte) 200, (byte) 100, (byte) 100, (byte) 100);
  }

  @Test
  void namesASupplementalPaletteThatIsMissingOrOfSeveralFrames() {
    Map<Integer, Object> missing = supplemental();
    missing.remove(RED_DESCRIPTOR);
    fails(missing, "The lookup table descriptor (0028,1101) has 0 values, expected 3." + ADVICE);
    fails(
        with(supplemental(), 0x0028140B, new FakeAttributes(Map.of())),
        "A picture coloured by an Enhanced Palette Color Lookup Table Sequence (0028,140B) is not"
            + " supported. Convert the object to RGB first.");
  }

  private static Map<Integer, Object> supplemental() {
    Map<Integer, Object> grey = new TreeMap<>(Map.of(PIXEL_PRESENTATION, "COLOR"));
    for (int colour = 0; colour < 3; colour++) {
      grey.put(RED_DESCRIPTOR + colour, List.of(2, 100, 8));
      grey.put(RED_DATA + colour, new byte[] {(byte) 200, 100});
    }
    return grey;
  }

  private static Map<Integer, Object> with(Map<Integer, Object> all, int tag, Object value) {
    Map<Integer, Object> more = new TreeMap<>(all);
    more.put(tag, value);
    return more;
  }

  @Test
  void aDescriptorOfZeroMeans65536Entries() {
    LookupTable.Descriptor descriptor =
        LookupTable.Descriptor.read(
            "x.dcm",
            new FakeAttributes(Map.of(LUT_DESCRIPTOR, List.of(0, 65535, 16))),
            LUT_DESCRIPTOR,
            true);

    assertThat(descriptor).isEqualTo(new LookupTable.Descriptor(65536, -1, 16));
  }

  @Test
  void aNegativeFirstValueIsKeptWhateverTheSignOfThePixels() {
    LookupTable.Descriptor descriptor =
        LookupTable.Descriptor.read(
            "x.dcm",
            new FakeAttributes(Map.of(LUT_DESCRIPTOR, List.of(9, -500, 12))),
            LUT_DESCRIPTOR,
            false);

    assertThat(descriptor).isEqualTo(new LookupTable.Descriptor(9, -500, 12));
  }

  @ParameterizedTest
  @ValueSource(strings = {"HSV", "ARGB", "CMYK"})
  void namesARetiredPhotometricInterpretation(String photometric) {
    fails(
        Map.of(PHOTOMETRIC, photometric),
        "Photometric Interpretation (0028,0004) '%s' is not supported. Convert the object to MONOCHROME2 or RGB first."
            .formatted(photometric));
  }

  @Test
  void partialYbrIsTheSameInEverySubsampling() {
    assertThat(colour("YBR_PARTIAL_420")).isEqualTo(colour("YBR_PARTIAL_422"));
  }

  @Test
  void whatTheDecoderOfJpeg2000UndoesIsRgb() {
    assertThat(colour("YBR_RCT")).isEqualTo(colour("RGB"));
    assertThat(colour("YBR_ICT")).isEqualTo(colour("RGB"));
  }

  private ByteBuffer colour(String photometric) {
    FakeObject object =
        FakeObject.grey("1.2.840.10008.1.2.1", 1, 1, 8, FakePixelData.littleEndian())
            .with(SAMPLES, 3)
            .with(PHOTOMETRIC, photometric);
    return renderer
        .render(
            object,
            new StoredFrame(
                1, 1, 3, SampleType.UINT8, ByteBuffer.wrap(new byte[] {90, 60, (byte) 200})),
            0)
        .picture()
        .pixels();
  }

  @Test
  void aLookupTableWithoutValuesIsNone() {
    RenderedFrame frame =
        render(
            Map.of(
                VOI_LUT_SEQUENCE,
                new FakeAttributes(Map.of()),
                0x00283000,
                new FakeAttributes(Map.of())),
            0,
            100);

    assertThat(frame.rendering().description()).isEqualTo("PERCENTILES 50.0000/100.000");
  }

  @Test
  void aPresentationLutOfTheObjectIsAppliedToo() {
    FakeAttributes table =
        new FakeAttributes(
            Map.of(LUT_DESCRIPTOR, List.of(2, 0, 8), LUT_DATA, new byte[] {(byte) 200, 50}));

    assertThat(pixels(render(Map.of(0x20500010, table), 0, 100)))
        .containsExactly((byte) 200, (byte) 50);
  }

  @Test
  void namesAPhotometricInterpretationThatContradictsTheSamples() {
    fails(
        Map.of(PHOTOMETRIC, "RGB"),
        "Photometric Interpretation (0028,0004) is RGB with 1 Samples per Pixel (0028,0002)."
            + ADVICE);
  }

  @Test
  void namesADamagedTable() {
    fails(
        Map.of(
            VOI_LUT_SEQUENCE,
            new FakeAttributes(Map.of(LUT_DESCRIPTOR, List.of(4, 0, 16), LUT_DATA, new byte[7]))),
        "The lookup table (0028,3006) holds 7 bytes, expected 4 entries." + ADVICE);
    fails(
        Map.of(VOI_LUT_SEQUENCE, new FakeAttributes(Map.of(LUT_DESCRIPTOR, List.of(4, 0)))),
        "The lookup table descriptor (0028,3002) has 2 values, expected 3." + ADVICE);
    fails(
        Map.of(VOI_LUT_SEQUENCE, new FakeAttributes(Map.of(LUT_DESCRIPTOR, List.of(4, 0, 99)))),
        "The lookup table descriptor (0028,3002) asks for entries of 99 bits, expected 8 to 16."
            + ADVICE);
  }

  @Test
  void namesADamagedSegmentedTable() {
    String table = "The segmented lookup table (0028,1221) ";
    fails(segments(1, 4, 9), table + "begins with a linear segment, which has no start." + ADVICE);
    fails(segments(0, 9, 1), table + "ends within a segment." + ADVICE);
    fails(segments(0, 1, 5), table + "gives 1 entries, expected 4." + ADVICE);
    fails(segments(7, 1, 5), table + "has a segment of type 7, expected 0 to 2." + ADVICE);
    fails(segments(0, 1, 5, 2, 9, 3, 0, 0, 0), table + "has a reference to a reference." + ADVICE);
    fails(
        segments(0, 1, 5, 2, 1, 99, 0, 0, 0),
        table + "refers to byte 99, expected 0 to 8." + ADVICE);
    IntStream empty = IntStream.generate(() -> 0).limit(2 * 255);
    IntStream references =
        IntStream.range(0, 6 * 600).map(i -> i % 6 == 0 ? 2 : i % 6 == 1 ? 255 : 0);
    fails(
        segments(IntStream.concat(empty, references).toArray()),
        table + "has more than 131072 segments." + ADVICE);
  }

  private static Map<Integer, Object> segments(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Map.of(
        PHOTOMETRIC, "PALETTE COLOR", RED_DESCRIPTOR, List.of(4, 0, 8), RED_SEGMENTED_DATA, bytes);
  }

  private String bodyPart(String part) {
    return render(
            Map.of(
                MODALITY,
                "CT",
                BODY_PART_EXAMINED,
                part,
                RESCALE_SLOPE,
                List.of(1),
                RESCALE_INTERCEPT,
                List.of(-1024)),
            0,
            100)
        .rendering()
        .description();
  }

  private void fails(Map<Integer, Object> attributes, String message) {
    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> render(attributes, 0, 1))
        .withMessage("x.dcm, frame 0: " + message);
  }

  /** Renders a picture of two 16-bit values. */
  private RenderedFrame render(Map<Integer, ?> attributes, int left, int right) {
    Map<Integer, Object> all = new TreeMap<>();
    all.put(SAMPLES, List.of(1));
    all.put(PHOTOMETRIC, "MONOCHROME2");
    all.put(0x00280010, List.of(1));
    all.put(0x00280011, List.of(2));
    all.put(0x00280100, List.of(16));
    all.putAll(attributes);
    byte[] values = {
      (byte) left, (byte) (left >> Byte.SIZE), (byte) right, (byte) (right >> Byte.SIZE)
    };
    return renderer.render(
        new FakeObject(
            Path.of("x.dcm"), "1.2.840.10008.1.2.1", new FakeAttributes(all), Optional.empty()),
        new StoredFrame(1, 2, 1, SampleType.UINT16, ByteBuffer.wrap(values)),
        0);
  }

  private static byte[] pixels(RenderedFrame frame) {
    byte[] pixels = new byte[frame.picture().pixels().remaining()];
    frame.picture().pixels().get(pixels);
    return pixels;
  }
}
