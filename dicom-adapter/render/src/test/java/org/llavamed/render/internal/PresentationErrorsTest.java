package org.llavamed.render.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.llavamed.render.internal.Presented.annotated;
import static org.llavamed.render.internal.Presented.graphic;
import static org.llavamed.render.internal.Presented.picture;
import static org.llavamed.render.internal.Presented.render;
import static org.llavamed.render.internal.Presented.state;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.ImagingException;

/** What is said of presentation states, overlays and pixel aspects that are wrong or hostile. */
final class PresentationErrorsTest {
  private static final String ADVICE = " Correct the header or export the object again.";
  private static final int OVERLAY = 0x60000000;

  private static void fails(DataSet state, String message) {
    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> render(state))
        .withMessage("state.dcm: " + message);
  }

  private static void failsWithOverlay(DataSet picture, String message) {
    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> render(picture, Optional.empty(), true))
        .withMessage("x.dcm: " + message);
  }

  @Test
  void aStateOfAnotherClassIsNamed() {
    fails(
        state().putString(Tag.SOPClassUID, Vr.UI, "1.2.840.10008.5.1.4.1.1.11.2"),
        "SOP Class UID (0008,0016) '1.2.840.10008.5.1.4.1.1.11.2' as a presentation state is not"
            + " supported. Give a Grayscale Softcopy Presentation State"
            + " (1.2.840.10008.5.1.4.1.1.11.1).");
  }

  @Test
  void aStateForAnotherPictureOrFrameIsNamed() {
    String message =
        "The presentation state does not refer to SOP Instance UID 2.25.1, frame 1, of x.dcm. Give"
            + " a state that was made for this picture.";
    fails(state().remove(Tag.ReferencedSeriesSequence), message);
    DataSet other =
        new DataSet()
            .putString(Tag.ReferencedSOPInstanceUID, Vr.UI, "2.25.1")
            .putInts(Tag.ReferencedFrameNumber, Vr.IS, 2, 3);
    fails(
        state()
            .putItems(
                Tag.ReferencedSeriesSequence,
                new DataSet().putItems(Tag.ReferencedImageSequence, other)),
        message);
  }

  @Test
  void aStateThatSubtractsAMaskIsNamed() {
    fails(
        state().putItems(Tag.MaskSubtractionSequence, new DataSet()),
        "Mask Subtraction Sequence (0028,6100) is not supported. Give a state that subtracts no"
            + " mask.");
  }

  @Test
  void aStateForAPictureWithASupplementalPaletteIsNamed() {
    DataSet coloured = picture().putString(Tag.PixelPresentation, Vr.CS, "COLOR");
    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> render(coloured, Optional.of(state()), false))
        .withMessage(
            "x.dcm, frame 0: A grayscale presentation state on a picture with a supplemental"
                + " palette is not supported. Render it without.");
  }

  @Test
  void aTurnBetweenTheQuartersIsNamed() {
    fails(
        state().putInts(Tag.ImageRotation, Vr.US, 45),
        "Image Rotation (0070,0042) is 45, expected 0, 90, 180 or 270." + ADVICE);
  }

  @Test
  void aDisplayedAreaThatWouldFillTheMemoryIsNamed() {
    DataSet area =
        new DataSet()
            .putInts(Tag.DisplayedAreaTopLeftHandCorner, Vr.SL, Integer.MIN_VALUE, 1)
            .putInts(Tag.DisplayedAreaBottomRightHandCorner, Vr.SL, Integer.MAX_VALUE, 40);
    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> render(state().putItems(Tag.DisplayedAreaSelectionSequence, area)))
        .withMessageStartingWith("state.dcm: A picture of 4294967296 x 40 square pixels, above")
        .withMessageEndingWith(
            "is not supported. Correct the pixel aspect ratio or the displayed area, or give the"
                + " JVM more memory.");
  }

  @Test
  void aDisplayedAreaFarAwayIsBlack() {
    DataSet area =
        new DataSet()
            .putInts(Tag.DisplayedAreaTopLeftHandCorner, Vr.SL, Integer.MIN_VALUE, 1)
            .putInts(Tag.DisplayedAreaBottomRightHandCorner, Vr.SL, Integer.MIN_VALUE + 9, 4);

    var frame = render(state().putItems(Tag.DisplayedAreaSelectionSequence, area));

    assertThat(frame.picture().width()).isEqualTo(10);
    assertThat(Presented.drawn(frame)).isZero();
  }

  @Test
  void aPixelAspectThatWouldFillTheMemoryIsNamed() {
    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(
            () ->
                render(
                    picture().putInts(Tag.PixelAspectRatio, Vr.IS, 2147483647, 1),
                    Optional.empty(),
                    false))
        .withMessageStartingWith(
            "x.dcm, frame 0: A picture of 60 x 85899345880 square pixels, above the limit of ");
  }

  @Test
  void shuttersWithoutTheirValuesAreNamed() {
    fails(
        state().putString(Tag.ShutterShape, Vr.CS, "STAR"),
        "Shutter Shape (0018,1600) is 'STAR', expected RECTANGULAR, CIRCULAR, POLYGONAL or BITMAP."
            + ADVICE);
    fails(
        state().putString(Tag.ShutterShape, Vr.CS, "CIRCULAR"),
        "The shutter has 0 values in (0018,1610), expected at least 2." + ADVICE);
    fails(
        state()
            .putString(Tag.ShutterShape, Vr.CS, "POLYGONAL")
            .putInts(Tag.VerticesOfThePolygonalShutter, Vr.IS, 1, 1, 2000000, 1, 5, 5),
        "A graphic or shutter has a point at 1999999.5, expected at most 1000000 pixels from the"
            + " origin."
            + ADVICE);
    fails(
        state()
            .putString(Tag.ShutterShape, Vr.CS, "BITMAP")
            .putInts(Tag.ShutterOverlayGroup, Vr.US, 0x6002),
        "Shutter Overlay Group (0018,1623) is 6002, which the state has no overlay of." + ADVICE);
  }

  @Test
  void aShutterShapeThatIsRepeatedIsClosedOnce() {
    String[] shapes = new String[1000];
    Arrays.fill(shapes, "CIRCULAR");
    DataSet state =
        state()
            .putString(Tag.ShutterShape, Vr.CS, shapes)
            .putInts(Tag.CenterOfCircularShutter, Vr.IS, 5, 5)
            .putInts(Tag.RadiusOfCircularShutter, Vr.IS, 5);
    AtomicInteger reads = new AtomicInteger();
    Attributes counting =
        (Attributes)
            Proxy.newProxyInstance(
                Attributes.class.getClassLoader(),
                new Class<?>[] {Attributes.class},
                (proxy, method, arguments) -> {
                  if (Integer.valueOf(Tag.RadiusOfCircularShutter).equals(arguments[0])) {
                    reads.incrementAndGet();
                  }
                  return method.isDefault()
                      ? InvocationHandler.invokeDefault(proxy, method, arguments)
                      : method.invoke(state, arguments);
                });

    render(picture(), Optional.of(counting), false);

    assertThat(reads).hasValue(1);
  }

  @Test
  void aDamagedOverlayThatIsNotActivatedIsNoObstacle() {
    DataSet picture =
        overlay(4, 4, 8)
            .putInts(0x60020010, Vr.US, 0)
            .putInts(0x60020011, Vr.US, 8)
            .putBytes(0x60023000, Vr.OW, new byte[8]);

    assertThat(
            Presented.drawn(
                render(picture, Optional.of(state().putString(0x60001001, Vr.CS, "ONE")), false)))
        .isZero();
  }

  @Test
  void graphicsThatAreDamagedAreNamed() {
    fails(
        annotated(Tag.GraphicObjectSequence, graphic("CUBE", 1, 1)),
        "Graphic Type (0070,0023) is 'CUBE', expected POINT, POLYLINE, INTERPOLATED, CIRCLE or"
            + " ELLIPSE."
            + ADVICE);
    fails(
        annotated(Tag.GraphicObjectSequence, graphic("ELLIPSE", 1, 1, 2, 2)),
        "Graphic Data (0070,0022) has 4 numbers, expected two for each of at least 4 points."
            + ADVICE);
    fails(
        annotated(Tag.GraphicObjectSequence, graphic("POLYLINE", 1, 1, Double.NaN, 2)),
        "A graphic or shutter has a point at NaN, expected at most 1000000 pixels from the origin."
            + ADVICE);
    fails(
        annotated(
            Tag.GraphicObjectSequence,
            graphic("POINT", 1, 1).putString(Tag.GraphicAnnotationUnits, Vr.CS, "MATRIX")),
        "Annotation Units (0070,0005) are 'MATRIX', expected PIXEL or DISPLAY." + ADVICE);
    fails(
        annotated(Tag.TextObjectSequence, new DataSet()),
        "A text has neither a bounding box (0070,0010) nor an anchor point (0070,0014)." + ADVICE);
  }

  @Test
  void drawingWithoutEndIsNamed() {
    double[] far = new double[40000];
    for (int i = 0; i < far.length; i += 4) {
      far[i] = 1e6;
      far[i + 2] = -1e6;
    }
    fails(
        annotated(Tag.GraphicObjectSequence, graphic("POLYLINE", far)),
        "Its graphics touch more than 134256128 pixels." + ADVICE);
  }

  @Test
  void aStateOrAWindowOnColourIsNamed() {
    DataSet colour = picture().putString(Tag.PhotometricInterpretation, Vr.CS, "PALETTE COLOR");
    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> render(colour, Optional.of(state()), false))
        .withMessage(
            "x.dcm, frame 0: A grayscale presentation state on a picture of Photometric"
                + " Interpretation 'PALETTE COLOR' is not supported. Render it without.");
  }

  @Test
  void overlaysThatAreDamagedAreNamed() {
    String advice = " Correct the header, or render without overlays.";
    failsWithOverlay(
        overlay(0, 4, 8), "Overlay Rows (6000,0010) is 0, expected 1 to 65535." + advice);
    failsWithOverlay(
        overlay(65535, 65535, 8).putInts(OVERLAY | 0x15, Vr.IS, 2147483647),
        "Overlay Data (6000,3000) holds 64 bits, expected 9223090559730712575 = 2147483647 frames x"
            + " 65535 rows x 65535 columns."
            + advice);
    failsWithOverlay(
        picture().putInts(OVERLAY | 0x100, Vr.US, 16),
        "Overlay Bits Allocated (6000,0100) is 16, expected the pixels' 8, of whole bytes and one"
            + " sample."
            + advice);
    failsWithOverlay(
        picture().putInts(OVERLAY | 0x100, Vr.US, 8).putInts(OVERLAY | 0x102, Vr.US, 7),
        "Overlay Bit Position (6000,0102) is 7, expected a bit that the pixels do not use."
            + advice);
    failsWithOverlay(
        picture()
            .putInts(Tag.BitsStored, Vr.US, 7)
            .putInts(OVERLAY | 0x100, Vr.US, 8)
            .putInts(OVERLAY | 0x102, Vr.US, 7),
        "An overlay within compressed pixels is not supported. Render without overlays.");
  }

  private static DataSet overlay(int rows, int columns, int bytes) {
    return picture()
        .putInts(OVERLAY | 0x10, Vr.US, rows)
        .putInts(OVERLAY | 0x11, Vr.US, columns)
        .putBytes(OVERLAY | 0x3000, Vr.OW, new byte[bytes]);
  }
}
