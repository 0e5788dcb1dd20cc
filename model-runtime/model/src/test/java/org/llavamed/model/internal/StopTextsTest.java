package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StopTextsTest {
  @Test
  void withoutStopTextsEveryPieceIsGivenAtOnce() {
    StopTexts stops = new StopTexts(List.of());
    assertThat(stops.append("a ")).isEqualTo("a ");
    assertThat(stops.append("b")).isEqualTo("b");
    assertThat(stops.finish()).isEmpty();
    assertThat(stops.found()).isFalse();
    assertThat(stops.text()).isEqualTo("a b");
  }

  @Test
  void aStopTextThatSpansPiecesIsCutOffWithTheBlanksBeforeIt() {
    StopTexts stops = new StopTexts(List.of("###"));
    assertThat(stops.append("no mass")).isEqualTo("no mass");
    assertThat(stops.append("\n#")).isEmpty();
    assertThat(stops.append("#")).isEmpty();
    assertThat(stops.found()).isFalse();
    assertThat(stops.append("# Human")).isEmpty();
    assertThat(stops.found()).isTrue();
    assertThat(stops.append("more")).isEmpty();
    assertThat(stops.finish()).isEmpty();
    assertThat(stops.text()).isEqualTo("no mass");
  }

  @Test
  void whatOnlyBeganLikeAStopTextIsGiven() {
    StopTexts stops = new StopTexts(List.of("###"));
    assertThat(stops.append("a ##")).isEqualTo("a");
    assertThat(stops.append("b#")).isEqualTo(" ##b");
    assertThat(stops.finish()).isEqualTo("#");
    assertThat(stops.found()).isFalse();
  }

  @Test
  void theStopTextThatEndsFirstCountsAndOfThoseTheLongest() {
    StopTexts first = new StopTexts(List.of("abcd", "bc"));
    assertThat(first.append("xabcd")).isEqualTo("xa");
    StopTexts longest = new StopTexts(List.of("c", "abc"));
    assertThat(longest.append("xab")).isEqualTo("x");
    assertThat(longest.append("c")).isEmpty();
    assertThat(longest.text()).isEqualTo("x");
  }

  @Test
  void anyPiecesGiveWhatSearchingTheWholeTextGives() {
    SplittableRandom random = new SplittableRandom(41);
    int found = 0;
    for (int round = 0; round < 5000; round++) {
      String text = word(random, random.nextInt(30)) + "x";
      List<String> texts = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        texts.add(word(random, random.nextInt(1, 5)));
      }
      StopTexts stops = new StopTexts(texts);
      StringBuilder pieces = new StringBuilder();
      int from = 0;
      while (from < text.length()) {
        int to = Math.min(text.length(), from + random.nextInt(1, 5));
        pieces.append(stops.append(text.substring(from, to)));
        from = to;
      }
      pieces.append(stops.finish());
      int cut = cut(text, texts);
      String expected = cut < 0 ? text : text.substring(0, cut).stripTrailing();
      assertThat(pieces)
          .as("round %d: '%s' stopped by %s", round, text, texts)
          .hasToString(expected)
          .hasToString(stops.text());
      assertThat(stops.found()).isEqualTo(cut >= 0);
      found += cut >= 0 ? 1 : 0;
    }
    assertThat(found).isBetween(1000, 4000);
  }

  /** Searches the whole text: the plain way. Returns where it is cut; -1 for nowhere. */
  private static int cut(String text, List<String> stops) {
    for (int end = 1; end <= text.length(); end++) {
      for (int begin = 0; begin < end; begin++) {
        if (stops.contains(text.substring(begin, end))) {
          return begin;
        }
      }
    }
    return -1;
  }

  private static String word(SplittableRandom random, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append("ab# ".charAt(random.nextInt(4)));
    }
    return word.toString();
  }
}
