package org.llavamed.render.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llavamed.render.internal.Presented.annotated;
import static org.llavamed.render.internal.Presented.drawn;
import static org.llavamed.render.internal.Presented.graphic;
import static org.llavamed.render.internal.Presented.pixel;
import static org.llavamed.render.internal.Presented.render;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.dicom.BitmapFont;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.RenderedFrame;

/** What graphic annotations look like. */
final class GraphicsTest {
  private static DataSet text(String text, double... box) {
    return new DataSet()
        .putString(Tag.BoundingBoxAnnotationUnits, Vr.CS, "PIXEL")
        .putString(Tag.UnformattedTextValue, Vr.ST, text)
        .putDoubles(Tag.BoundingBoxTopLeftHandCorner, Vr.FL, box[0], box[1])
        .putDoubles(Tag.BoundingBoxBottomRightHandCorner, Vr.FL, box[2], box[3]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POLYLINE", "INTERPOLATED"})
  void aLineTakesThePixelsThatItPasses(String type) {
    RenderedFrame frame =
        render(
            annotated(Tag.GraphicObjectSequence, graphic(type, 10.5, 5.5, 20.5, 5.5, 20.5, 15.5)));

    for (int i = 0; i <= 10; i++) {
      assertThat(pixel(frame, 10 + i, 5)).isEqualTo(255);
      assertThat(pixel(frame, 20, 5 + i)).isEqualTo(255);
    }
    assertThat(drawn(frame)).isEqualTo(21);
  }

  @Test
  void aPointIsACross() {
    RenderedFrame frame =
        render(annotated(Tag.GraphicObjectSequence, graphic("POINT", 30.5, 20.5)));

    assertThat(drawn(frame)).isEqualTo(9);
    assertThat(pixel(frame, 28, 20)).isEqualTo(255);
    assertThat(pixel(frame, 30, 22)).isEqualTo(255);
  }

  @ParameterizedTest
  @CsvSource({"N", "Y"})
  void aCircleLiesWithinAPixelOfItsRadius(String filled) {
    DataSet circle = graphic("CIRCLE", 30, 20, 40, 20).putString(Tag.GraphicFilled, Vr.CS, filled);
    RenderedFrame frame = render(annotated(Tag.GraphicObjectSequence, circle));

    for (int y = 0; y < Presented.HEIGHT; y++) {
      for (int x = 0; x < Presented.WIDTH; x++) {
        double distance = Math.hypot(x + 0.5 - 30, y + 0.5 - 20);
        boolean set = pixel(frame, x, y) != 0;
        if (set) {
          assertThat(distance).isLessThan(11).isGreaterThan(filled.equals("Y") ? -1 : 9);
        } else if (filled.equals("Y")) {
          assertThat(distance).isGreaterThan(9);
        }
      }
    }
    assertThat(drawn(frame)).isGreaterThan(filled.equals("Y") ? 300 : 50);
  }

  @Test
  void anEllipseHasItsAxes() {
    RenderedFrame frame =
        render(
            annotated(
                Tag.GraphicObjectSequence,
                graphic("ELLIPSE", 10.5, 20.5, 50.5, 20.5, 30.5, 12.5, 30.5, 28.5)));

    assertThat(pixel(frame, 10, 20)).isEqualTo(255);
    assertThat(pixel(frame, 50, 20)).isEqualTo(255);
    assertThat(pixel(frame, 30, 12)).isEqualTo(255);
    assertThat(pixel(frame, 30, 28)).isEqualTo(255);
    assertThat(pixel(frame, 30, 20)).isZero();
    assertThat(pixel(frame, 10, 12)).isZero();
  }

  @Test
  void layersAreDrawnInTheirOrderAndGrey() {
    DataSet white = layer("A", 2, 0xFFFF);
    DataSet grey = layer("B", 1, 0x8000);
    DataSet line = graphic("POLYLINE", 0.5, 5.5, 59.5, 5.5);
    DataSet other = graphic("POLYLINE", 0.5, 7.5, 59.5, 7.5);
    RenderedFrame frame =
        render(
            Presented.state()
                .putItems(Tag.GraphicLayerSequence, white, grey)
                .putItems(
                    Tag.GraphicAnnotationSequence, on("A", line), on("B", line), on("B", other)));

    assertThat(pixel(frame, 30, 5)).isEqualTo(255);
    assertThat(pixel(frame, 30, 7)).isEqualTo(128);
  }

  private static DataSet layer(String name, int order, int grey) {
    return new DataSet()
        .putString(Tag.GraphicLayer, Vr.CS, name)
        .putInts(Tag.GraphicLayerOrder, Vr.IS, order)
        .putInts(Tag.GraphicLayerRecommendedDisplayGrayscaleValue, Vr.US, grey);
  }

  private static DataSet on(String layer, DataSet graphic) {
    return new DataSet()
        .putString(Tag.GraphicLayer, Vr.CS, layer)
        .putItems(Tag.GraphicObjectSequence, graphic);
  }

  @Test
  void graphicsFollowTheTurnAndFlipOfThePicture() {
    DataSet state =
        annotated(Tag.GraphicObjectSequence, graphic("POLYLINE", 2.5, 1.5, 8.5, 1.5))
            .putInts(Tag.ImageRotation, Vr.US, 90)
            .putString(Tag.ImageHorizontalFlip, Vr.CS, "Y");
    RenderedFrame frame = render(state);

    assertThat(frame.picture().width()).isEqualTo(Presented.HEIGHT);
    for (int i = 2; i <= 8; i++) {
      assertThat(pixel(frame, 1, i)).isEqualTo(255);
    }
    assertThat(drawn(frame)).isEqualTo(7);
  }

  @Test
  void displayUnitsAreFractionsOfTheDisplayedArea() {
    DataSet line =
        graphic("POLYLINE", 0, 0.5, 0.999, 0.5)
            .putString(Tag.GraphicAnnotationUnits, Vr.CS, "DISPLAY");
    DataSet area =
        new DataSet()
            .putInts(Tag.DisplayedAreaTopLeftHandCorner, Vr.SL, 11, 11)
            .putInts(Tag.DisplayedAreaBottomRightHandCorner, Vr.SL, 30, 20);
    RenderedFrame frame =
        render(
            annotated(Tag.GraphicObjectSequence, line)
                .putItems(Tag.DisplayedAreaSelectionSequence, area));

    assertThat(frame.picture().width()).isEqualTo(20);
    assertThat(drawn(frame)).isEqualTo(20);
    assertThat(pixel(frame, 19, 5)).isEqualTo(255);
  }

  @Test
  void textIsUprightWhateverTheTurnAndBeginsAtItsBox() {
    RenderedFrame frame = render(annotated(Tag.TextObjectSequence, text("Ab", 5, 3, 55, 23)));
    RenderedFrame turned =
        render(
            annotated(Tag.TextObjectSequence, text("Ab", 5, 3, 55, 23))
                .putInts(Tag.ImageRotation, Vr.US, 180));

    expectText(frame, "Ab", 5, 3, 1);
    expectText(turned, "Ab", Presented.WIDTH - 55, Presented.HEIGHT - 23, 1);
  }

  @Test
  void textFillsTheHeightOfItsBoxByWholeNumbers() {
    RenderedFrame frame = render(annotated(Tag.TextObjectSequence, text("A", 0, 0, 60, 40)));

    expectText(frame, "A", 0, 0, 2);
  }

  @Test
  void textBreaksAtTheWidthOfItsBox() {
    RenderedFrame one = render(annotated(Tag.TextObjectSequence, text("ab cd", 0, 0, 30, 40)));
    RenderedFrame two = render(annotated(Tag.TextObjectSequence, text("ab\r\ncd", 0, 0, 30, 40)));

    assertThat(one.picture().pixels()).isEqualTo(two.picture().pixels());
  }

  @Test
  void thePictureIsEnlargedByAWholeNumberWhereATextDoesNotFit() {
    RenderedFrame frame = render(annotated(Tag.TextObjectSequence, text("Abcd", 5, 4, 25, 10)));

    assertThat(frame.picture().width()).isEqualTo(4 * Presented.WIDTH);
    assertThat(frame.storedColumns()).isEqualTo(Presented.WIDTH);
    expectText(frame, "Abcd", 20, 16, 1);
  }

  @Test
  void aBoxTooSmallForAnyPictureEnlargesItNoFurtherThanAllowed() {
    RenderedFrame frame =
        render(annotated(Tag.TextObjectSequence, text("word ".repeat(200), 5, 4, 5.5, 4.5)));

    assertThat(frame.picture().width()).isEqualTo(16 * Presented.WIDTH);
  }

  @Test
  void linesOfTextLieBelowEachOther() {
    RenderedFrame one = render(annotated(Tag.TextObjectSequence, text("A\r\nB", 0, 0, 60, 40)));
    RenderedFrame two =
        render(
            annotated(Tag.TextObjectSequence, text("A", 0, 0, 60, 20), text("B", 0, 20, 60, 40)));

    assertThat(one.picture().pixels()).isEqualTo(two.picture().pixels());
  }

  @Test
  void textWithoutABoxBeginsAtItsAnchor() {
    DataSet text =
        new DataSet()
            .putString(Tag.AnchorPointAnnotationUnits, Vr.CS, "DISPLAY")
            .putString(Tag.UnformattedTextValue, Vr.ST, "x")
            .putDoubles(Tag.AnchorPoint, Vr.FL, 0.5, 0.25);

    expectText(render(annotated(Tag.TextObjectSequence, text)), "x", 30, 10, 1);
  }

  private static void expectText(RenderedFrame frame, String text, int left, int top, int size) {
    BitmapFont font = BitmapFont.load();
    int[] characters = BitmapFont.characters(text);
    for (int y = 0; y < frame.picture().height(); y++) {
      for (int x = 0; x < frame.picture().width(); x++) {
        int column = Math.floorDiv(x - left, size);
        int row = Math.floorDiv(y - top, size);
        int character = Math.floorDiv(column, BitmapFont.WIDTH);
        boolean set =
            row >= 0
                && row < BitmapFont.HEIGHT
                && character >= 0
                && character < characters.length
                && font.isSet(characters[character], column % BitmapFont.WIDTH, row);
        assertThat(pixel(frame, x, y)).as("%d, %d", x, y).isEqualTo(set ? 255 : 0);
      }
    }
  }
}
