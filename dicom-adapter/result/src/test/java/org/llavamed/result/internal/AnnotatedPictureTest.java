package org.llavamed.result.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.annotation.Annotation;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.dicom.BitmapFont;
import org.llavamed.imaging.Picture;

final class AnnotatedPictureTest {
  private final BitmapFont font = BitmapFont.load();

  @ParameterizedTest
  @CsvSource({"64,48,1,255", "64,48,3,255", "512,512,1,0", "600,300,3,128", "1700,900,1,200"})
  void burnsTheNoticeInWhiteOnABlackBarAboveThePicture(
      int width, int height, int channels, int value) {
    Picture sheet = sheet(width, height, channels, value);
    int size = Math.max(1, sheet.width() / 768);
    Canvas expected =
        new Canvas(font, sheet.width(), AnnotatedPicture.BAR * size, sheet.channels());
    int noticeWidth = ResearchMark.NOTICE.length() * BitmapFont.WIDTH * size;
    expected.write(ResearchMark.NOTICE, (sheet.width() - noticeWidth) / 2, 6 * size, size);

    ByteBuffer bar = expected.picture().pixels();
    assertThat(sheet.pixels().slice(0, bar.remaining())).isEqualTo(bar);
    assertThat(white(bar)).isGreaterThan(1000);
  }

  @Test
  void showsThePictureEnlargedByAWholeFactorInTheMiddle() {
    Picture sheet = sheet(64, 48, 1, 77);

    assertThat(sheet.width()).isEqualTo(512);
    for (int y = 32; y < 32 + 8 * 48; y++) {
      for (int x = 0; x < 512; x++) {
        assertThat(sheet.pixels().get(y * 512 + x)).isEqualTo((byte) 77);
      }
    }
    assertThat(sheet.pixels().get((32 + 8 * 48) * 512)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "64,48,8,1",
    "511,100,2,1",
    "512,512,1,1",
    "513,4,1,1",
    "4096,10,1,1",
    "4097,10,1,2",
    "1,1,512,1"
  })
  void enlargesBelow512AndReducesAbove4096(int width, int height, int enlarge, int reduce) {
    assertThat(PictureScale.of(Sources.picture(width, height, 1, 0).picture()))
        .isEqualTo(new PictureScale(enlarge, reduce));
  }

  @Test
  void aNarrowPictureStillHasRoomForTheText() {
    Picture sheet = sheet(3, 600, 1, 255);

    assertThat(sheet.width()).isEqualTo(512);
    assertThat(sheet.pixels().get(100 * 512 + 255)).isEqualTo((byte) 255);
    assertThat(sheet.pixels().get(100 * 512 + 100)).isZero();
  }

  @Test
  void answersChangeThePanelBelowThePicture() {
    Reading brain = reading(64, 48, "Brain");
    Reading liver = reading(64, 48, "Liver");
    Picture one = sheet(brain);
    Picture two = sheet(liver);
    int panel = (32 + 8 * 48) * 512;

    assertThat(one.pixels().slice(0, panel)).isEqualTo(two.pixels().slice(0, panel));
    assertThat(one.pixels()).isNotEqualTo(two.pixels());
  }

  @Test
  void anEndlessAnswerIsCutAndSaysSo() {
    Picture sheet = sheet(reading(64, 48, "word ".repeat(5000)));

    assertThat(sheet.height()).isEqualTo(32 + 8 * 48 + 2 * 6 + 120 * 22);
  }

  @Test
  void linesBreakAtBlanksAndLongWordsWhereTheyMust() {
    assertThat(BitmapFont.wrap("one two three", 7)).containsExactly("one two", "three");
    assertThat(BitmapFont.wrap("abcdefghij", 4)).containsExactly("abcd", "efgh", "ij");
    assertThat(BitmapFont.wrap("", 4)).containsExactly("");
  }

  @Test
  void theFontHasLatinGreekAndCyrillicLettersAndShowsOthersAsABox() {
    "AZaz09 äöüßéñ ąęł αβγ Жж €–".codePoints().forEach(c -> assertThat(font.has(c)).isTrue());
    assertThat(font.has('山')).isFalse();
    for (int y = 0; y < BitmapFont.HEIGHT; y++) {
      for (int x = 0; x < BitmapFont.WIDTH; x++) {
        assertThat(font.isSet('山', x, y)).isEqualTo(font.isSet(0xFFFD, x, y));
      }
    }
    assertThat(BitmapFont.characters("a\u0308")).containsExactly('ä');
  }

  private Picture sheet(int width, int height, int channels, int value) {
    Reading reading = Sources.reading(Sources.object("a.dcm", Sources.header()));
    return sheet(
        new Reading(
            reading.object(),
            0,
            1,
            Sources.picture(width, height, channels, value),
            reading.findings()));
  }

  private static Reading reading(int width, int height, String organ) {
    return new Reading(
        Sources.object("a.dcm", Sources.header()),
        0,
        1,
        Sources.picture(width, height, 1, 50),
        Sources.findings(organ));
  }

  private Picture sheet(Reading reading) {
    Annotation annotation =
        new Annotation(
            "1.2.3.4", Sources.protocol(), Sources.MODEL, "single picture", List.of(reading));
    return new AnnotatedPicture(font).of(reading, new Provenance(annotation, "0.1.0"));
  }

  private static int white(ByteBuffer pixels) {
    int count = 0;
    while (pixels.hasRemaining()) {
      count += pixels.get() == (byte) 255 ? 1 : 0;
    }
    return count;
  }
}
