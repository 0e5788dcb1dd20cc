package org.llavamed.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.preprocess.ConversationTemplate;
import org.llavamed.preprocess.ConversationTemplate.Turn;
import org.llavamed.preprocess.Tokenizer;

final class SampleTokeniserTest {
  private static final Path RESOURCES = Path.of("src/test/resources/org/llavamed/data");
  private static final String BYTE_LEVEL = "tokenizer-byte-level.json";
  private static final OptionalInt START = OptionalInt.of(1);
  private static final int POSITIONS = 3;

  @ParameterizedTest
  @ValueSource(
      strings = {
        BYTE_LEVEL,
        "tokenizer-byte-level-marks.json",
        "tokenizer-sentencepiece.json",
        "tokenizer-sentencepiece-marks.json"
      })
  void idsAndLabelsAreThoseOfTheTokenizersLibrary(String file) throws IOException {
    Set<String> templates = new HashSet<>();
    try (Tokenizer tokenizer = Tokenizer.open(RESOURCES.resolve(file))) {
      for (JsonNode golden :
          new ObjectMapper().readTree(RESOURCES.resolve("golden-tokens.json").toFile())) {
        if (golden.path("tokenizer").asText().equals(file)) {
          String template = golden.path("template").asText();
          templates.add(template);
          assertThat(
                  tokeniser(tokenizer, ConversationTemplate.named(template), 1000)
                      .tokenise(sample(golden)))
              .as(golden.toString())
              .contains(
                  new TokenisedSample(
                      "golden",
                      numbers(golden.path("ids")),
                      numbers(golden.path("labels")),
                      golden.path("pictured").asBoolean() ? POSITIONS : 0));
        }
      }
    }
    assertThat(templates).hasSize(file.contains("marks") ? 2 : 4);
  }

  @Test
  void theMarksOfAPictureAreThereWhereTheTokenizerHasThem() {
    try (Tokenizer with = Tokenizer.open(RESOURCES.resolve("tokenizer-byte-level-marks.json"));
        Tokenizer without = Tokenizer.open(RESOURCES.resolve(BYTE_LEVEL))) {
      assertThat(PictureSlot.of(with, "<image>", 2).text())
          .isEqualTo("<im_start><image><image><im_end>");
      assertThat(PictureSlot.of(without, "<image>", 2).text()).isEqualTo("<image><image>");
    }
  }

  @Test
  void aLongSampleIsCutAtTheMostLength() {
    Sample sample = sample("Is there a mass?", "No", Optional.of("p.png"));
    try (Tokenizer tokenizer = Tokenizer.open(RESOURCES.resolve(BYTE_LEVEL))) {
      TokenisedSample whole = tokenise(tokenizer, sample, 1000).orElseThrow();
      int learned = whole.learned();
      int given = whole.length() - learned;
      assertThat(learned).isGreaterThan(1);
      for (int most = 1; most <= whole.length() + 1; most++) {
        Optional<TokenisedSample> cut = tokenise(tokenizer, sample, most);
        if (most <= given) {
          assertThat(cut).as("nothing to learn in %d", most).isEmpty();
        } else {
          int length = Math.min(most, whole.length());
          assertThat(cut)
              .contains(
                  new TokenisedSample(
                      "s",
                      whole.ids().subList(0, length),
                      whole.labels().subList(0, length),
                      POSITIONS));
        }
      }
    }
  }

  /** In the template of the released v1.0 the picture stands behind the question. */
  @Test
  void aSampleWhosePictureIsCutOffIsLeftOut() {
    Sample sample = sample("What is shown?", "A lung", Optional.of("p.png"));
    try (Tokenizer tokenizer = Tokenizer.open(RESOURCES.resolve(BYTE_LEVEL))) {
      SampleTokeniser all = tokeniser(tokenizer, ConversationTemplate.V1_RELEASED, 1000);
      int last = all.tokenise(sample).orElseThrow().ids().lastIndexOf(3);
      assertThat(tokeniser(tokenizer, ConversationTemplate.V1_RELEASED, last).tokenise(sample))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "What is <image>?, '<image>' 1 times, expected 0",
    "What is </s>?, '</s>' 2 times, expected 1",
    "What is <s>?, 'of the start' 2 times, expected 1",
    "What is <im_end>?, '<im_end>' 1 times, expected 0",
  })
  void aTextThatNamesATokenOfTheModelsOwnIsRefused(String question, String message) {
    Sample sample = sample(question, "A lung", Optional.empty());
    try (Tokenizer tokenizer =
        Tokenizer.open(RESOURCES.resolve("tokenizer-byte-level-marks.json"))) {
      assertThatThrownBy(() -> tokenise(tokenizer, sample, 1000))
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith("sample 's': it has the token " + message)
          .hasMessageEndingWith(": one of its texts names it. Take it out of the text.");
    }
  }

  @Test
  void aPictureTokenThatTheTokenizerDoesNotHaveIsRefused() {
    try (Tokenizer tokenizer = Tokenizer.open(RESOURCES.resolve(BYTE_LEVEL))) {
      var slot = new PictureSlot("<picture>", 2, "", "");
      assertThatThrownBy(
              () -> new SampleTokeniser(tokenizer, ConversationTemplate.PLAIN, slot, START, 9))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("'<picture>' becomes the tokens [")
          .hasMessageContaining("expected one");
    }
  }

  private static Optional<TokenisedSample> tokenise(Tokenizer tokenizer, Sample sample, int most) {
    return tokeniser(tokenizer, ConversationTemplate.VICUNA_V1, most).tokenise(sample);
  }

  private static SampleTokeniser tokeniser(
      Tokenizer tokenizer, ConversationTemplate template, int mostLength) {
    PictureSlot slot = PictureSlot.of(tokenizer, "<image>", POSITIONS);
    return new SampleTokeniser(tokenizer, template, slot, START, mostLength);
  }

  private static Sample sample(JsonNode golden) {
    List<Turn> turns =
        StreamSupport.stream(golden.path("turns").spliterator(), false)
            .map(turn -> new Turn(turn.get(0).asText(), turn.get(1).asText()))
            .toList();
    boolean pictured = golden.path("pictured").asBoolean();
    return new Sample(
        "golden", pictured ? Optional.of("p.png") : Optional.empty(), turns, Optional.empty());
  }

  private static Sample sample(String question, String answer, Optional<String> image) {
    return new Sample("s", image, List.of(new Turn(question, answer)), Optional.empty());
  }

  private static List<Integer> numbers(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asInt).toList();
  }
}
