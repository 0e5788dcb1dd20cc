package org.llavamed.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextStreamTest {
  private static final String BYTE_LEVEL = "byte level";
  private static final Path TINY = Path.of("../../dist/models/tiny-vqa/tokenizer.json");
  private static final Path RESOURCES = Path.of("src/test/resources/org/llavamed/preprocess");

  @TempDir Path folder;

  private Tokenizer open(String kind) throws IOException {
    if (kind.equals(BYTE_LEVEL)) {
      return Tokenizer.open(TINY);
    }
    SentencePieceModel model =
        SentencePieceModel.read(RESOURCES.resolve("sentencepiece-" + kind + ".model"));
    List<AddedToken> added =
        List.of(
            AddedToken.special(model.size(), "<image>"),
            new AddedToken(model.size() + 1, "<x \u2581>", false, false, false));
    Path file = folder.resolve("tokenizer.json");
    return Tokenizer.open(Files.writeString(file, model.tokenizerJson(added)));
  }

  /** Ids of all kinds, of which single bytes and special tokens are half; some have no token. */
  private static int id(SplittableRandom random, int size) {
    return random.nextInt(random.nextBoolean() ? 262 : size + 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {BYTE_LEVEL, "llama", "bare", "unknown"})
  void isAtEveryTokenTheWholeDecoding(String kind) throws IOException {
    SplittableRandom random = new SplittableRandom(17);
    System.out.println("seed 17");
    try (Tokenizer tokenizer = open(kind)) {
      int size = tokenizer.vocabulary().size();
      for (int run = 0; run < 300; run++) {
        TextStream stream = tokenizer.stream();
        List<Integer> ids = new ArrayList<>();
        StringBuilder given = new StringBuilder();
        for (int i = random.nextInt(40); i >= 0; i--) {
          ids.add(id(random, size));
          given.append(stream.append(ids.get(ids.size() - 1)));
          String whole = tokenizer.decode(ids).strip();
          assertThat(stream.text()).as("%s", ids).isEqualTo(whole);
          assertThat(whole).as("%s", ids).startsWith(given);
        }
        given.append(stream.finish());
        assertThat(given).as("%s", ids).hasToString(tokenizer.decode(ids).strip());
        assertThat(stream.ids()).isEqualTo(ids);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {BYTE_LEVEL, "llama"})
  void decodesFewTokensAtATime(String kind) throws IOException {
    try (Tokenizer tokenizer = open(kind)) {
      List<Integer> ids = tokenizer.encode("Größe: no mass 肺 in the lung. ".repeat(50));
      int[] most = {0};
      TextStream stream =
          new TextStream(
              some -> {
                most[0] = Math.max(most[0], some.size());
                return tokenizer.decode(some);
              },
              Optional.of(tokenizer.vocabulary()));
      ids.forEach(stream::append);
      assertThat(ids).hasSizeGreaterThan(400);
      assertThat(most[0]).isBetween(2, 8);
      assertThat(stream.text()).isEqualTo(tokenizer.decode(ids).strip());
    }
  }

  @Test
  void handsOutAWordAtOnceButBytesWithTheTokenBehindThem() throws IOException {
    try (Tokenizer tokenizer = open("llama")) {
      List<Integer> ids = tokenizer.encode("No \ud83e\ude7b x");
      TextStream stream = tokenizer.stream();
      List<String> pieces = ids.stream().map(stream::append).toList();
      assertThat(pieces).first().isEqualTo("No");
      assertThat(pieces.subList(1, pieces.size() - 2)).containsOnly("");
      assertThat(String.join("", pieces)).isEqualTo("No \ud83e\ude7b x");
    }
  }

  @Test
  void withoutKnownBytesDecodesTheWholeText() throws IOException {
    try (Tokenizer tokenizer = open(BYTE_LEVEL)) {
      List<Integer> ids = tokenizer.encode(" 肺結節 no ");
      TextStream stream = new TextStream(tokenizer::decode, Optional.empty());
      StringBuilder given = new StringBuilder();
      ids.forEach(id -> given.append(stream.append(id)));
      assertThat(given.append(stream.finish())).hasToString("肺結節 no");
      assertThat(stream.ids()).isEqualTo(ids);
    }
  }
}
