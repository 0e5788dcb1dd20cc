package org.llavamed.preprocess;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Texts of all kinds of characters, the same for the same seed. */
final class RandomTexts {
  private static final List<String> PARTS =
      List.of(
          " ",
          "  ",
          "          ",
          "\n",
          "\t",
          "\r\n",
          "\u0000",
          "\u001b",
          "\u00a0",
          "\u2028",
          "\u3000",
          "\u200d",
          "\ufeff",
          "\u2581",
          "\ufffd",
          "e\u0301",
          "\u0915\u094d\u0937",
          "\ud83e\ude7b",
          "\ud83d\ude36\u200d\ud83c\udf2b\ufe0f",
          "肺結節",
          "한국어",
          "العربية",
          "Größe",
          "mass",
          " the ",
          "pneumothorax",
          "Yes",
          "####",
          "----",
          "<0x0A>",
          "1234567890",
          "3.5 mm");

  private RandomTexts() {}

  /** Returns texts of up to 24 parts and single characters; prints the seed. */
  static List<String> of(long seed, int count) {
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.range(0, count).mapToObj(i -> text(random)).toList();
  }

  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(24); i >= 0; i--) {
      switch (random.nextInt(4)) {
        case 0 -> text.appendCodePoint(character(random, Character.MAX_CODE_POINT));
        case 1 -> text.appendCodePoint(character(random, 0x17F));
        default -> text.append(PARTS.get(random.nextInt(PARTS.size())));
      }
    }
    return text.toString();
  }

  private static int character(SplittableRandom random, int most) {
    int c = random.nextInt(most + 1);
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 'x' : c;
  }
}
