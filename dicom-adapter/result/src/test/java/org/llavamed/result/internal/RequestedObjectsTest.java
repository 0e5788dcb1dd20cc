package org.llavamed.result.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.annotation.Annotation;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.dicom.BitmapFont;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.DicomObject;

/** What holds for the objects that are written on request alone. */
final class RequestedObjectsTest {
  private final BitmapFont font = BitmapFont.load();
  @TempDir Path folder;

  @Test
  void everyPageOfThePdfBearsTheNoticeAboveAndBelow() throws IOException {
    Reading reading = reading("word ".repeat(3000), 1, 200);
    for (String page : pages(pdf(reading))) {
      assertThat(page.split(ResearchMark.NOTICE, -1)).hasSize(3);
    }
    assertThat(pages(pdf(reading))).hasSizeGreaterThan(3);
  }

  @Test
  void thePdfTellsPatientQuestionAnswerProbabilityAndOrigin() throws IOException {
    String text = String.join(" ", pages(pdf(reading("Brain", 3, 90)))).replaceAll("\\s+", " ");

    assertThat(text)
        .contains("Patient Größe Jürgen, ID P4711, born 19500101")
        .contains("Modality MR, body part BRAIN, series 3 (T2 axial), image 12")
        .contains("Question: " + Sources.openQuestion().text(), "Answer: Brain")
        .contains("Code: No (373067005, SCT)", "not calibrated: 75.0 %")
        .contains("Model tiny-vqa 1.0 (fp32), protocol default 1.0, LLaVA-Med for DICOM 0.1.0");
  }

  @Test
  void whatTheFontOfThePdfLacksIsShownAsASquare() throws IOException {
    assertThat(
            String.join("", pages(pdf(reading("a\u5c71b \ud83e\udde0 \u03b2\u0436\u05d0", 1, 0)))))
        .contains("a\u25a1b \u25a1 \u03b2\u0436\u05d0");
  }

  /** Characters are drawn from left to right: the first of a Hebrew word is its rightmost. */
  @Test
  void hebrewIsDrawnFromRightToLeftAndNumbersInItAreNot() {
    assertThat(PdfFont.visual("Patient \u05d0\u05d1\u05d2 (M)"))
        .isEqualTo("Patient \u05d2\u05d1\u05d0 (M)");
    assertThat(PdfFont.visual("\u05d0\u05d1 12 (\u05d2)")).isEqualTo("(\u05d2) 12 \u05d1\u05d0");
    assertThat(PdfFont.visual("a (b)")).isEqualTo("a (b)");
  }

  @Test
  void anEndlessWordIsBrokenWhereThePageEnds() throws IOException {
    String word = "x".repeat(500);

    assertThat(String.join("", pages(pdf(reading(word, 1, 0)))).replaceAll("\\s", ""))
        .contains(word);
  }

  @Test
  void thePdfNamesTheInstancesThatItIsDerivedFrom() {
    DataSet object = write(Format.PDF, Sources.annotation()).get(0);

    assertThat(object.string(Tag.MIMETypeOfEncapsulatedDocument)).contains("application/pdf");
    assertThat(object.string(Tag.BurnedInAnnotation)).contains("YES");
    assertThat(object.string(Tag.VerificationFlag)).contains("UNVERIFIED");
    assertThat(object.string(Tag.DocumentTitle).orElseThrow()).startsWith(ResearchMark.NOTICE);
    assertThat(object.items(Tag.SourceInstanceSequence).get(0).string(Tag.ReferencedSOPInstanceUID))
        .contains("1.2.3.4.5.1");
  }

  @Test
  void aPresentationStateShowsNoticeAndAnswersOverItsPicture() {
    DataSet state = write(Format.GSPS, Sources.annotation()).get(0);
    DataSet annotation = state.items(Tag.GraphicAnnotationSequence).get(0);
    List<DataSet> texts = annotation.items(Tag.TextObjectSequence);

    assertThat(state.string(Tag.SOPClassUID))
        .contains(Uids.GrayscaleSoftcopyPresentationStateStorage);
    assertThat(state.items(Tag.GraphicLayerSequence).get(0).string(Tag.GraphicLayer))
        .contains("AI RESEARCH");
    assertThat(annotation.string(Tag.GraphicLayer)).contains("AI RESEARCH");
    assertThat(texts.get(0).string(Tag.UnformattedTextValue)).contains(ResearchMark.NOTICE);
    assertThat(texts.get(1).string(Tag.UnformattedTextValue).orElseThrow())
        .contains("Q: Is there an abnormality?\r\nA: No (75.0 %, not calibrated)");
    assertThat(texts).allSatisfy(RequestedObjectsTest::liesInThePicture);
  }

  private static void liesInThePicture(DataSet text) {
    List<Double> start = text.numbers(Tag.BoundingBoxTopLeftHandCorner);
    List<Double> end = text.numbers(Tag.BoundingBoxBottomRightHandCorner);
    assertThat(text.string(Tag.BoundingBoxAnnotationUnits)).contains("DISPLAY");
    for (int i = 0; i < 2; i++) {
      assertThat(start.get(i)).isBetween(0.0, 1.0).isLessThan(end.get(i));
      assertThat(end.get(i)).isLessThanOrEqualTo(1.0);
    }
  }

  @Test
  void aLongAnswerIsSpreadOverTextsThatTheirAttributeHolds() {
    String answer = "\ud83e\udde0 word ".repeat(900);
    DataSet state = write(Format.GSPS, Sources.annotation(reading(answer, 1, 0))).get(0);
    List<DataSet> texts =
        state.items(Tag.GraphicAnnotationSequence).get(0).items(Tag.TextObjectSequence);

    StringBuilder all = new StringBuilder();
    for (DataSet text : texts) {
      String value = text.strings(Tag.UnformattedTextValue).get(0);
      assertThat(value).hasSizeLessThanOrEqualTo(1024);
      all.append(value.replace("\r\n", ""));
      liesInThePicture(text);
    }
    assertThat(all.toString().replace(" ", "")).contains(answer.replace(" ", ""));
  }

  @Test
  void aPresentationStateRepeatsHowThePictureIsBroughtToGrey() {
    DataSet header =
        Sources.header()
            .putString(Tag.PhotometricInterpretation, Vr.CS, "MONOCHROME1")
            .putString(Tag.RescaleIntercept, Vr.DS, "-1024")
            .putString(Tag.RescaleSlope, Vr.DS, "2")
            .putString(Tag.RescaleType, Vr.LO, "HU")
            .putDoubles(Tag.PixelSpacing, Vr.DS, 0.5, 1);
    DataSet state = write(Format.GSPS, Sources.annotation(of(header))).get(0);

    assertThat(state.number(Tag.RescaleIntercept)).hasValue(-1024);
    assertThat(state.number(Tag.RescaleSlope)).hasValue(2);
    assertThat(state.string(Tag.RescaleType)).contains("HU");
    DataSet voi = state.items(Tag.SoftcopyVOILUTSequence).get(0);
    assertThat(voi.number(Tag.WindowCenter)).hasValue(40);
    assertThat(voi.number(Tag.WindowWidth)).hasValue(400);
    assertThat(state.string(Tag.PresentationLUTShape)).contains("INVERSE");
    DataSet area = state.items(Tag.DisplayedAreaSelectionSequence).get(0);
    assertThat(area.numbers(Tag.DisplayedAreaBottomRightHandCorner)).containsExactly(64.0, 48.0);
    assertThat(area.numbers(Tag.PresentationPixelSpacing)).containsExactly(0.5, 1.0);
  }

  @Test
  void rescaleOfAFrameStandsInItsFunctionalGroup() {
    DataSet transformation =
        new DataSet()
            .putString(Tag.RescaleIntercept, Vr.DS, "7")
            .putString(Tag.RescaleSlope, Vr.DS, "3")
            .putString(Tag.RescaleType, Vr.LO, "US");
    DataSet frame = new DataSet().putItems(Tag.PixelValueTransformationSequence, transformation);
    DataSet header =
        Sources.header()
            .putString(Tag.SOPClassUID, Vr.UI, Uids.EnhancedCTImageStorage)
            .putItems(Tag.PerFrameFunctionalGroupsSequence, new DataSet(), frame);
    Reading second =
        new Reading(
            Sources.object("ct.dcm", header),
            1,
            2,
            Sources.picture(64, 48, 1, 9),
            Sources.findings("x"));
    DataSet state = write(Format.GSPS, Sources.annotation(second)).get(0);

    assertThat(state.number(Tag.RescaleIntercept)).hasValue(7);
    DataSet picture =
        state.items(Tag.ReferencedSeriesSequence).get(0).items(Tag.ReferencedImageSequence).get(0);
    assertThat(picture.numbers(Tag.ReferencedFrameNumber)).containsExactly(2.0);
  }

  @Test
  void picturesOfOtherSeriesAndOtherRescaleGetPresentationStatesOfTheirOwn() {
    DataSet other = Sources.header().putString(Tag.SeriesInstanceUID, Vr.UI, "1.2.3.4.6");
    DataSet rescaled =
        Sources.header()
            .putString(Tag.RescaleIntercept, Vr.DS, "1")
            .putString(Tag.RescaleSlope, Vr.DS, "1");
    Annotation annotation =
        Sources.annotation(
            of(instance(Sources.header(), 1)),
            of(instance(other, 2)),
            of(instance(rescaled, 3)),
            of(instance(Sources.header(), 4)));

    assertThat(write(Format.GSPS, annotation))
        .extracting(state -> state.items(Tag.GraphicAnnotationSequence).size())
        .containsExactly(2, 1, 1);
  }

  @Test
  void colourPicturesGetAColourPresentationStateWithAProfileOfSrgb() {
    DataSet header = Sources.header().putString(Tag.PhotometricInterpretation, Vr.CS, "RGB");
    Reading colour =
        new Reading(
            Sources.object("us.dcm", header),
            0,
            1,
            Sources.picture(64, 48, 3, 9),
            Sources.findings("Brain"));
    DataSet state = write(Format.GSPS, Sources.annotation(colour)).get(0);

    assertThat(state.string(Tag.SOPClassUID)).contains(Uids.ColorSoftcopyPresentationStateStorage);
    assertThat(state.contains(Tag.PresentationLUTShape)).isFalse();
    ByteBuffer bytes = state.bytes(Tag.ICCProfile);
    byte[] profile = new byte[bytes.remaining()];
    bytes.get(profile);
    ColorSpace ours = new ICC_ColorSpace(ICC_Profile.getInstance(profile));
    ColorSpace srgb = ColorSpace.getInstance(ColorSpace.CS_sRGB);
    for (float[] rgb :
        new float[][] {{1, 1, 1}, {0.5f, 0.5f, 0.5f}, {1, 0, 0}, {0.1f, 0.6f, 0.9f}}) {
      float[] expected = srgb.toCIEXYZ(rgb);
      float[] found = ours.toCIEXYZ(rgb);
      for (int i = 0; i < 3; i++) {
        assertThat(found[i]).isCloseTo(expected[i], org.assertj.core.api.Assertions.within(0.003f));
      }
    }
  }

  @Test
  void theKeyObjectsAreThePicturesReadForResearch() {
    DataSet selection =
        write(
                Format.KO,
                Sources.annotation(
                    of(instance(Sources.header(), 1)), of(instance(Sources.header(), 2))))
            .get(0);

    assertThat(selection.items(Tag.ConceptNameCodeSequence).get(0).string(Tag.CodeValue))
        .contains("113009");
    assertThat(selection.items(Tag.ContentTemplateSequence).get(0).string(Tag.TemplateIdentifier))
        .contains("2010");
    List<String> pictures = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (DataSet item : selection.items(Tag.ContentSequence)) {
      item.items(Tag.ReferencedSOPSequence)
          .forEach(sop -> pictures.add(sop.string(Tag.ReferencedSOPInstanceUID).orElseThrow()));
      item.string(Tag.TextValue).ifPresent(texts::add);
    }
    assertThat(pictures).containsExactly("1.2.3.4.5.1", "1.2.3.4.5.2");
    assertThat(texts).anyMatch(text -> text.startsWith(ResearchMark.NOTICE + ". Pictures"));
  }

  @Test
  void thereAreNoKeyObjectsWhereNoPictureCanBeReferredTo() {
    DataSet nameless = Sources.header().remove(Tag.SOPInstanceUID);

    assertThat(write(Format.KO, Sources.annotation(of(nameless)))).isEmpty();
    assertThat(write(Format.GSPS, Sources.annotation(of(nameless)))).isEmpty();
  }

  @Test
  void theNoticeIsOnEveryFrameWhateverThePictureShows() {
    for (int channels : new int[] {1, 3}) {
      for (int value : new int[] {0, 128, 255}) {
        Annotation annotation =
            Sources.annotation(
                picture(64, 48, channels, value), picture(900, 700, channels, value));
        DataSet object = write(Format.MFSC, annotation).get(0);
        int width = object.integer(Tag.Columns).orElseThrow();
        int frame = width * object.integer(Tag.Rows).orElseThrow() * channels;
        ByteBuffer pixels = object.bytes(Tag.PixelData);

        assertThat(width).isEqualTo(900);
        assertThat(pixels.remaining()).isBetween(2 * frame, 2 * frame + 1);
        assertThat(object.strings(Tag.PageNumberVector)).containsExactly("1", "2");
        int[] widths = {512, 900};
        for (int i = 0; i < 2; i++) {
          assertThat(bar(pixels.slice(i * frame, frame), width, widths[i], channels))
              .as("%d channels, value %d, frame %d", channels, value, i + 1)
              .isEqualTo(notice(widths[i], channels));
        }
      }
    }
  }

  /** The bar above a picture of some width that lies in the upper left of a frame. */
  private static ByteBuffer bar(ByteBuffer frame, int width, int shown, int channels) {
    ByteBuffer bar = ByteBuffer.allocate(AnnotatedPicture.BAR * shown * channels);
    for (int y = 0; y < AnnotatedPicture.BAR; y++) {
      bar.put(frame.slice(y * width * channels, shown * channels));
    }
    return bar.flip();
  }

  private ByteBuffer notice(int width, int channels) {
    Canvas expected = new Canvas(font, width, AnnotatedPicture.BAR, channels);
    int noticeWidth = ResearchMark.NOTICE.length() * BitmapFont.WIDTH;
    expected.write(ResearchMark.NOTICE, (width - noticeWidth) / 2, 6, 1);
    return expected.picture().pixels();
  }

  @Test
  void greyAndColourPicturesBecomeOneObjectEach() {
    List<DataSet> objects =
        write(
            Format.MFSC,
            Sources.annotation(
                picture(64, 48, 3, 1), picture(64, 48, 1, 2), picture(64, 48, 3, 3)));

    assertThat(objects)
        .extracting(object -> object.string(Tag.SOPClassUID).orElseThrow())
        .containsExactly(
            Uids.MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
            Uids.MultiFrameTrueColorSecondaryCaptureImageStorage);
    assertThat(objects)
        .extracting(object -> object.integer(Tag.NumberOfFrames).orElseThrow())
        .containsExactly(1, 2);
    assertThat(objects)
        .allSatisfy(
            object -> {
              assertThat(object.string(Tag.BurnedInAnnotation)).contains("YES");
              assertThat(object.items(Tag.SourceImageSequence)).isNotEmpty();
            });
  }

  @Test
  void moreFramesThanAnObjectMayHoldGoIntoTheNext() {
    Reading[] readings = new Reading[5];
    for (int i = 0; i < readings.length; i++) {
      readings[i] = picture(4000, 3000, 1, i);
    }

    assertThat(write(Format.MFSC, Sources.annotation(readings)))
        .extracting(object -> object.integer(Tag.NumberOfFrames).orElseThrow())
        .satisfies(frames -> assertThat(frames.stream().mapToInt(f -> f).sum()).isEqualTo(5))
        .hasSize(2);
  }

  private List<DataSet> write(Format format, Annotation annotation) {
    return Sources.writer().write(annotation, Set.of(format), folder).files().stream()
        .map(file -> whole(file.file()))
        .toList();
  }

  /** The attributes, and Pixel Data as one of them. */
  private static DataSet whole(Path file) {
    DicomObject object = new Part10Reader().read(file);
    DataSet attributes = DataSet.copyOf(object.attributes());
    Optional.of(object)
        .flatMap(DicomObject::pixelData)
        .ifPresent(
            pixels ->
                attributes.putBytes(Tag.PixelData, Vr.OB, pixels.slice(0, (int) pixels.length())));
    return attributes;
  }

  private byte[] pdf(Reading reading) {
    ByteBuffer bytes =
        write(Format.PDF, Sources.annotation(reading)).get(0).bytes(Tag.EncapsulatedDocument);
    byte[] pdf = new byte[bytes.remaining()];
    bytes.get(pdf);
    return pdf;
  }

  private static List<String> pages(byte[] pdf) throws IOException {
    List<String> pages = new ArrayList<>();
    try (PDDocument document = Loader.loadPDF(pdf)) {
      for (int i = 1; i <= document.getNumberOfPages(); i++) {
        PDFTextStripper stripper = new PDFTextStripper();
        stripper.setStartPage(i);
        stripper.setEndPage(i);
        pages.add(stripper.getText(document));
      }
    }
    return pages;
  }

  private static Reading reading(String answer, int channels, int value) {
    return new Reading(
        Sources.object("a.dcm", Sources.header()),
        0,
        1,
        Sources.picture(64, 48, channels, value),
        Sources.findings(answer));
  }

  private static Reading picture(int width, int height, int channels, int value) {
    return new Reading(
        Sources.object("a.dcm", Sources.header()),
        0,
        1,
        Sources.picture(width, height, channels, value),
        Sources.findings("Brain"));
  }

  private static Reading of(DataSet header) {
    return Sources.reading(Sources.object("a.dcm", header));
  }

  private static DataSet instance(DataSet header, int number) {
    return header.putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3.4.5." + number);
  }
}
