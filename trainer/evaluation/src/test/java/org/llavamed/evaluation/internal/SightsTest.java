package org.llavamed.evaluation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
  }

  @Test
  void noiseStaysNoiseWhenAModelMakesItSmall() {
    Picture noise = sights().of(Control.NOISE).picture("picture1");
    double[] small = new double[64 * 64];
    int[] counts = new int[small.length];
    for (int y = 0; y < noise.height(); y++) {
      for (int x = 0; x < noise.width(); x++) {
        int to = y * 64 / noise.height() * 64 + x * 64 / noise.width();
        small[to] += noise.pixels().get((y * noise.width() + x) * noise.channels()) & 0xFF;
        counts[to]++;
      }
    }
    for (int i = 0; i < small.length; i++) {
      small[i] /= counts[i];
    }
    double mean = Arrays.stream(small).average().orElseThrow();
    double variance =
        Arrays.stream(small).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    assertThat(mean).isBetween(110.0, 145.0);
    assertThat(Math.sqrt(variance)).as("standard deviation of a grey level").isGreaterThan(55);
  }

  @Test
  void shownPicturesAreToldByWhatIsInTheirFiles(@TempDir Path folder) throws IOException {
    List<VqaQuestion> questions = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      Files.writeString(folder.resolve(name), name.equals("b") ? "a" : name);
      questions.add(Questions.open(name, folder.resolve(name).toString(), "What?", "that"));
    }
    Sight own = new Sights(questions, file -> noPicture()).own();
    assertThat(own.hash(questions.get(0))).hasSize(16).isEqualTo(own.hash(questions.get(1)));
    assertThat(own.hash(questions.get(2))).isNotEqualTo(own.hash(questions.get(0)));
    Sight noise = sights().of(Control.NOISE);
    assertThat(noise.hash(QUESTIONS.get(0)))
        .isEqualTo(noise.hash(QUESTIONS.get(1)))
        .isNotEqualTo(noise.hash(QUESTIONS.get(2)))
        .isNotEqualTo(sights().of(Control.BLANK).hash(QUESTIONS.get(0)));
  }

  private static Picture noPicture() {
    throw new AssertionError("the hash needs no pixels");
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
