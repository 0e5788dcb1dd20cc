package org.llavamed.evaluation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.llavamed.data.VqaQuestion;
import org.llavamed.imaging.Picture;

final class SightsTest {
  private static final List<VqaQuestion> QUESTIONS =
      IntStream.range(0, 40)
          .mapToObj(i -> Questions.open("q" + i, "picture" + i / 2, "What?", "that"))
          .toList();

  private static Sights sights() {
    return new Sights(
        QUESTIONS, file -> new Picture(1, 1, 1, ByteBuffer.wrap(new byte[] {(byte) number(file)})));
  }

  private static int number(Path file) {
    return Integer.parseInt(file.toString().replaceAll("\\D", ""));
  }

  @Test
  void eachPictureIsShownOnceInPlaceOfAnother() {
    Sight other = sights().of(Control.OTHER_PICTURE);
    Set<String> shown = new HashSet<>();
    for (VqaQuestion question : QUESTIONS) {
      assertThat(other.name(question)).isNotEqualTo(question.pictureId());
      shown.add(other.name(question));
    }
    assertThat(shown).hasSize(20);
    assertThat(other.picture("picture7").pixels().get(0)).isEqualTo((byte) 7);
  }

  @Test
  void theChoiceOfPicturesIsAlwaysTheSame() {
    Sight one = sights().of(Control.OTHER_PICTURE);
    Sight two = sights().of(Control.OTHER_PICTURE);
    assertThat(QUESTIONS).allMatch(question -> one.name(question).equals(two.name(question)));
  }

  @Test
  void noiseIsAlwaysTheSameAndOfItsOwnForEachPicture() {
    Sight noise = sights().of(Control.NOISE);
    ByteBuffer first = noise.picture("picture1").pixels();
    assertThat(sights().of(Control.NOISE).picture("picture1").pixels()).isEqualTo(first);
    assertThat(noise.picture("picture2").pixels()).isNotEqualTo(first);
    double sum = 0;
    for (int i = 0; i < first.remaining(); i++) {
      sum += first.get(i) & 0xFF;
    }
    assertThat(sum / first.remaining()).isBetween(126.0, 129.0);
  }

  @Test
  void aBlankPictureIsOneForAllAndOfOneColour() {
    Sight blank = sights().of(Control.BLANK);
    assertThat(QUESTIONS.stream().map(blank::name).distinct()).hasSize(1);
    ByteBuffer pixels = blank.picture("blank").pixels();
    for (int i = 3; i < pixels.remaining(); i++) {
      assertThat(pixels.get(i)).isEqualTo(pixels.get(i % 3));
    }
  }
}
