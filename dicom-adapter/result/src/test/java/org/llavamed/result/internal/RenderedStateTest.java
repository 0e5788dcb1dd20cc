package org.llavamed.result.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.dicom.BitmapFont;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.Presentation;
import org.llavamed.imaging.RenderedFrame;
import org.llavamed.imaging.Rendering.Rule;
import org.llavamed.imaging.SampleType;
import org.llavamed.imaging.StoredFrame;
import org.llavamed.render.internal.StandardFrameRenderer;

/** What our own renderer shows of our own presentation states. */
final class RenderedStateTest {
  private static final BitmapFont FONT = BitmapFont.load();
  @TempDir Path folder;

  /** Pictures of every rule, and of every way to say modality, presentation and pixel aspect. */
  static Map<String, DataSet> pictures() {
    DataSet table =
        new DataSet()
            .putInts(Tag.LUTDescriptor, Vr.US, 3000, 100, 16)
            .putInts(Tag.LUTData, Vr.US, falling(3000));
    DataSet untyped =
        DataSet.copyOf(table)
            .putBytes(Tag.LUTData, Vr.OW, table.bytes(Tag.LUTData))
            .putBytes(Tag.LUTExplanation, Vr.LO, new byte[] {'x', '\\', 'y'});
    DataSet values =
        new DataSet()
            .putString(Tag.RescaleIntercept, Vr.DS, "-7")
            .putString(Tag.RescaleSlope, Vr.DS, "0.5")
            .putString(Tag.RescaleType, Vr.LO, "US");
    DataSet measures = new DataSet().putDoubles(Tag.PixelSpacing, Vr.DS, 0.7, 0.3);
    DataSet shared =
        new DataSet()
            .putItems(Tag.PixelValueTransformationSequence, values)
            .putItems(Tag.PixelMeasuresSequence, measures)
            .putItems(Tag.FrameVOILUTSequence, window("LINEAR_EXACT"));
    return Map.ofEntries(
        Map.entry("FILE_VOI_LUT table", picture().putItems(Tag.VOILUTSequence, untyped)),
        Map.entry("FILE_WINDOW plain", picture().copyFrom(window("LINEAR"), WINDOW)),
        Map.entry("FILE_WINDOW exact", picture().copyFrom(window("LINEAR_EXACT"), WINDOW)),
        Map.entry("FILE_WINDOW sigmoid", picture().copyFrom(window("SIGMOID"), WINDOW)),
        Map.entry(
            "BODY_PART_TABLE ct", rescaled("-1024", "1").putString(Tag.Modality, Vr.CS, "CT")),
        Map.entry("PERCENTILES plain", picture()),
        Map.entry("FULL_RANGE plain", picture().putInts(Tag.BitsStored, Vr.US, 8)),
        Map.entry("PERCENTILES rescaled", rescaled("-1024", "2")),
        Map.entry("PERCENTILES intercept", rescaled("-1024", "2").remove(Tag.RescaleSlope)),
        Map.entry("PERCENTILES slope 0", rescaled("5", "0")),
        Map.entry("PERCENTILES slope 1e400", rescaled("5", "1e400")),
        Map.entry("PERCENTILES table", picture().putItems(Tag.ModalityLUTSequence, untyped)),
        Map.entry(
            "PERCENTILES no table", picture().putItems(Tag.ModalityLUTSequence, new DataSet())),
        Map.entry(
            "FILE_WINDOW groups", picture().putItems(Tag.SharedFunctionalGroupsSequence, shared)),
        Map.entry("PERCENTILES low is white", white("MONOCHROME1", "IDENTITY")),
        Map.entry("PERCENTILES inverse", white("MONOCHROME2", "INVERSE")),
        Map.entry("PERCENTILES both", white("MONOCHROME1", "INVERSE")),
        Map.entry(
            "PERCENTILES imager", picture().putDoubles(Tag.ImagerPixelSpacing, Vr.DS, 0.2, 0.1)),
        Map.entry(
            "PERCENTILES scanned",
            picture().putDoubles(Tag.NominalScannedPixelSpacing, Vr.DS, 1, 2)),
        Map.entry("PERCENTILES ratio", picture().putInts(Tag.PixelAspectRatio, Vr.IS, 4, 3)),
        Map.entry(
            "PERCENTILES odd ratio",
            picture()
                .putBytes(
                    Tag.PixelAspectRatio,
                    Vr.IS,
                    "1\\1.5 ".getBytes(java.nio.charset.StandardCharsets.US_ASCII))));
  }

  private static final int[] WINDOW = {Tag.WindowCenter, Tag.WindowWidth, Tag.VOILUTFunction};

  private static DataSet window(String function) {
    return new DataSet()
        .putString(Tag.WindowCenter, Vr.DS, "200")
        .putString(Tag.WindowWidth, Vr.DS, "150")
        .putString(Tag.VOILUTFunction, Vr.CS, function);
  }

  private static long[] falling(int count) {
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = 60000 - 20L * i;
    }
    return values;
  }

  private static DataSet picture() {
    return Sources.header()
        .putInts(Tag.SamplesPerPixel, Vr.US, 1)
        .putInts(Tag.BitsAllocated, Vr.US, 16)
        .putInts(Tag.BitsStored, Vr.US, 12)
        .putInts(Tag.HighBit, Vr.US, 11)
        .putInts(Tag.PixelRepresentation, Vr.US, 0);
  }

  private static DataSet rescaled(String intercept, String slope) {
    return picture()
        .putString(Tag.RescaleIntercept, Vr.DS, intercept)
        .putString(Tag.RescaleSlope, Vr.DS, slope);
  }

  private static DataSet white(String photometric, String shape) {
    return picture()
        .putString(Tag.PhotometricInterpretation, Vr.CS, photometric)
        .putString(Tag.PresentationLUTShape, Vr.CS, shape);
  }

  static Set<String> names() {
    return pictures().keySet();
  }

  @ParameterizedTest
  @MethodSource("names")
  void theStateShowsThePictureThatTheModelRead(String name) {
    DicomObject object = Sources.object("a.dcm", Objects.requireNonNull(pictures().get(name)));
    StoredFrame frame = frame(64, 48);
    RenderedFrame read = render(object, frame, Optional.empty());
    DataSet state = state(object, read);
    state.remove(Tag.GraphicAnnotationSequence);

    Picture shown =
        render(object, frame, Optional.of(Sources.object("state.dcm", state))).picture();

    assertThat(read.rendering().rule()).isEqualTo(Rule.valueOf(name.split(" ", -1)[0]));
    assertThat(shown.width()).isEqualTo(read.picture().width());
    assertThat(shown.height()).isEqualTo(read.picture().height());
    assertThat(shown.pixels()).isEqualTo(read.picture().pixels());
  }

  @Test
  void anUnusablePixelAspectRatioIsNoObstacle() {
    DataSet hostile =
        picture()
            .putBytes(
                Tag.PixelAspectRatio,
                Vr.IS,
                "1\\1e300 ".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    DataSet state = state(Sources.object("a.dcm", hostile), Sources.picture(64, 48, 1, 200));

    assertThat(
            state
                .items(Tag.DisplayedAreaSelectionSequence)
                .get(0)
                .numbers(Tag.PresentationPixelSpacing))
        .containsExactly(1.0, 1e300);
  }

  @ParameterizedTest
  @CsvSource({"64, 0, 1", "64, 255, 1", "256, 0, 1", "256, 255, 1", "1024, 255, 2"})
  void everyCharacterOfTheNoticeIsSeenOnAnyPicture(int size, int value, int scale) {
    DicomObject object =
        Sources.object(
            "a.dcm", picture().putInts(Tag.Rows, Vr.US, size).putInts(Tag.Columns, Vr.US, size));
    StoredFrame flat =
        new StoredFrame(
            size,
            size,
            1,
            SampleType.UINT16,
            ByteBuffer.allocate(2 * size * size).order(ByteOrder.LITTLE_ENDIAN));
    DataSet state = state(object, Sources.picture(size, size, 1, value));
    state.putString(Tag.PresentationLUTShape, Vr.CS, value == 0 ? "IDENTITY" : "INVERSE");

    Picture shown = render(object, flat, Optional.of(Sources.object("state.dcm", state))).picture();

    int left = (int) (0.02f * shown.width());
    int top = (int) (0.02f * shown.height());
    int[] notice = BitmapFont.characters(ResearchMark.NOTICE);
    assertThat(notice).hasSize(40);
    for (int i = 0; i < notice.length; i++) {
      for (int y = 0; y < BitmapFont.HEIGHT * scale; y++) {
        for (int x = 0; x < BitmapFont.WIDTH * scale; x++) {
          int at = (top + y) * shown.width() + left + i * BitmapFont.WIDTH * scale + x;
          assertThat(shown.pixels().get(at) & 0xFF)
              .as("character %d, %d, %d", i, x, y)
              .isEqualTo(FONT.isSet(notice[i], x / scale, y / scale) ? 255 : 0);
        }
      }
    }
  }

  private DataSet state(DicomObject object, RenderedFrame read) {
    Reading reading = new Reading(object, 0, 1, read, Sources.findings("Brain"));
    var files =
        Sources.writer().write(Sources.annotation(reading), Set.of(Format.GSPS), folder).files();
    return DataSet.copyOf(new Part10Reader().read(files.get(0).file()).attributes());
  }

  private static RenderedFrame render(
      DicomObject object, StoredFrame frame, Optional<DicomObject> state) {
    return new StandardFrameRenderer()
        .render(object, frame, 0, new Presentation(state, false, Optional.empty()));
  }

  /** Values from 0 to 3071, each once. */
  private static StoredFrame frame(int columns, int rows) {
    ByteBuffer values = ByteBuffer.allocate(2 * columns * rows).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < columns * rows; i++) {
      values.putShort((short) i);
    }
    return new StoredFrame(rows, columns, 1, SampleType.UINT16, values.flip());
  }
}
