package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.contract.VisionLanguageModelContract;
import org.llavamed.inference.Answer;
import org.llavamed.inference.Answer.StopReason;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.Generation;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.ModelInspection;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Query;
import org.llavamed.inference.VisionLanguageModel;
import org.llavamed.model.internal.Prompts.Continuation;

class LlavaModelTest extends VisionLanguageModelContract {
  @Override
  protected VisionLanguageModel open() {
    return TinyVqa.open();
  }

  @Test
  void goingOnFromAKeptPictureGivesTheSameBitsAsReadingAllAnew() {
    Query query = Query.open("What organ is shown?");
    try (LlavaModel model = TinyVqa.open();
        LlavaModel fresh = TinyVqa.open();
        EncodedPicture kept = model.encode(TinyVqa.rings(300, 80));
        EncodedPicture other = fresh.encode(TinyVqa.rings(300, 80))) {
      Answer before = kept.answer(Query.open("Is this a CT?"), text -> {});
      assertThat(before.promptTokens()).isPositive();
      assertThat(kept.answer(query, text -> {})).isEqualTo(other.answer(query, text -> {}));
    }
  }

  @Test
  void theProbabilityOfAnAnswerIsThatOfItsTokensAndTheEnd() {
    Query query = Query.open("What organ is shown?");
    try (LlavaModel model = TinyVqa.open();
        EncodedPicture picture = model.encode(TinyVqa.rings(300, 80))) {
      Answer free = picture.answer(query, text -> {});
      assertThat(free.stop()).isEqualTo(StopReason.END_OF_SEQUENCE);
      Answer first =
          picture.answer(
              Query.open(query.question(), Generation.GREEDY.withMaxNewTokens(1)), text -> {});
      assertThat(first.probability()).isGreaterThanOrEqualTo(free.probability());
      assertThat(first.logProbabilities()).hasSize(1);
      assertThat(first.logProbabilities().get(0))
          .isEqualTo(free.logProbabilities().get(0))
          .isCloseTo(Math.log(first.probability()), within(1e-12));
      assertThat(free.logProbabilities()).hasSameSizeAs(free.tokens());
    }
  }

  @Test
  void stopsWhereTheContextIsFull() {
    ModelSettings narrow = new ModelSettings(TinyVqa.FOLDER, 1, 0, 64);
    try (VisionLanguageModel model = new OnnxModelRuntime(narrow).open(TinyVqa.FOLDER);
        EncodedPicture picture = model.encode(TinyVqa.rings(200, 30))) {
      Answer answer = picture.answer(Query.open("What organ is shown?"), text -> {});
      assertThat(answer.promptTokens()).isEqualTo(63);
      assertThat(answer.tokens()).hasSize(2);
      assertThat(answer.stop()).isEqualTo(StopReason.CONTEXT_FULL);
      assertThatThrownBy(
              () -> picture.answer(Query.open("What organ is shown in this picture?"), text -> {}))
          .isInstanceOf(ModelException.class)
          .hasMessage(
              "mostPositions: is 64, the prompt and its answer need 68 positions. Shorten the"
                  + " question, or set it higher in conf/org.llavamed.model.cfg, up to the model's"
                  + " context of 1024.");
      assertThatThrownBy(() -> picture.answer(Query.open("mass? ".repeat(1024)), text -> {}))
          .isInstanceOf(ModelException.class)
          .hasMessageMatching(
              "The prompt and its answer need \\d+ positions, the model's context has 1024\\."
                  + " Shorten the question\\.");
    }
  }

  @Test
  void refusesQuestionsThatNameTokensOfItsOwn() {
    try (LlavaModel model = TinyVqa.open();
        EncodedPicture picture = model.encode(TinyVqa.rings(64, 30))) {
      for (String token : List.of("<image>", "<s>", "</s>")) {
        assertThatThrownBy(() -> picture.answer(Query.open("Is " + token + " shown?"), text -> {}))
            .isInstanceOf(ModelException.class)
            .hasMessage(
                "question 'Is %s shown?': it or a choice names a token of the model's own, such as '<image>'. Write it in other words."
                    .formatted(token));
      }
    }
  }

  @Test
  void anEqualPictureIsLookedAtOnce() {
    try (LlavaModel model = TinyVqa.open()) {
      Features features = features(model, 30);
      assertThat(features(model, 31)).isNotSameAs(features);
      assertThat(features(model, 30)).isSameAs(features);
    }
  }

  /** Returns features of a picture that is closed again. */
  private static Features features(LlavaModel model, int centre) {
    try (LlavaPicture picture = (LlavaPicture) model.encode(TinyVqa.rings(64, centre))) {
      return picture.features();
    }
  }

  @Test
  void anAnswerObeysAJsonSchema() throws IOException {
    String schema =
        "{\"type\":\"object\",\"properties\":{\"organ\":{\"enum\":[\"brain\",\"chest\"]},"
            + "\"normal\":{\"type\":\"boolean\"}},\"required\":[\"organ\",\"normal\"],"
            + "\"additionalProperties\":false}";
    Query query = new Query("What organ is shown?", List.of(), schema, Generation.GREEDY);
    try (LlavaModel model = TinyVqa.open();
        EncodedPicture picture = model.encode(TinyVqa.rings(200, 30))) {
      Answer answer = picture.answer(query, text -> {});
      JsonNode json = new ObjectMapper().readTree(answer.text());
      assertThat(json.path("organ").asText()).isIn("brain", "chest");
      assertThat(json.path("normal").isBoolean()).isTrue();
      assertThat(answer.stop()).isEqualTo(StopReason.END_OF_SEQUENCE);
    }
  }

  @Test
  void aTemplateThatEndsWithATextStopsThere(@TempDir Path folder) throws IOException {
    String question = "What organ is shown?";
    TinyVqa.copy(folder, "\"mistral_instruct\"", "\"llava_med_v1_trained\"");
    try (ModelParts parts = TinyVqa.parts(ModelFolder.open(folder), TinyVqa.SETTINGS)) {
      Prompts prompts = parts.prompts();
      assertThat(prompts.stopTexts()).containsExactly("###");
      Continuation answer = prompts.answer(question, prompts.prompt(question, true), "brain");
      assertThat(parts.tokenizer().decode(answer.own()).strip()).isEqualTo("brain");
      assertThat(parts.tokenizer().decode(answer.tokens()).strip()).isEqualTo("brain\n###");
    }
    try (VisionLanguageModel model = new OnnxModelRuntime(TinyVqa.SETTINGS).open(folder);
        EncodedPicture picture = model.encode(TinyVqa.rings(200, 30))) {
      assertThat(picture.answer(Query.open(question), text -> {}).text()).doesNotContain("###");
      Answer chosen = picture.answer(Query.choice(question, List.of("brain", "chest")), text -> {});
      assertThat(chosen.choices()).hasSize(2);
    }
  }

  @Test
  void answersAQuestionFromWithinAnAnswer() {
    Query outer = Query.open("What organ is shown?");
    Query inner = Query.open("Is this normal?");
    try (LlavaModel model = TinyVqa.open();
        EncodedPicture picture = model.encode(TinyVqa.rings(64, 30))) {
      Answer outerAlone = picture.answer(outer, text -> {});
      Answer innerAlone = picture.answer(inner, text -> {});
      List<Answer> within = new ArrayList<>();
      Answer answer = picture.answer(outer, text -> within.add(picture.answer(inner, more -> {})));
      assertThat(answer.tokens()).isEqualTo(outerAlone.tokens());
      assertThat(within).isNotEmpty();
      assertThat(within).allSatisfy(a -> assertThat(a.tokens()).isEqualTo(innerAlone.tokens()));
    }
  }

  @Test
  void aModelMayBeClosedFromWithinAnAnswer() {
    List<String> pieces = new ArrayList<>();
    LlavaModel model = TinyVqa.open();
    EncodedPicture picture = model.encode(TinyVqa.rings(64, 30));
    Query query = Query.open("What organ is shown?");
    try {
      Answer answer =
          picture.answer(
              query,
              text -> {
                pieces.add(text);
                model.close();
              });
      assertThat(answer.text()).as("was complete before").isEqualTo(String.join("", pieces));
    } catch (ModelException e) {
      assertThat(e).hasMessageContaining("the model is closed");
    }
    assertThat(pieces).isNotEmpty();
    assertThatThrownBy(() -> picture.answer(query, text -> {}))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("the model is closed");
    model.close();
  }

  @Test
  void deactivatingTheRuntimeClosesWhatIsOpen() {
    OnnxModelRuntime runtime = new OnnxModelRuntime(TinyVqa.SETTINGS);
    VisionLanguageModel model = runtime.open(TinyVqa.FOLDER);
    ModelInspection inspection = runtime.inspect(TinyVqa.FOLDER);
    assertThat(runtime.defaultFolder()).isEqualTo(TinyVqa.FOLDER);
    runtime.close();
    assertThatThrownBy(() -> model.encode(TinyVqa.rings(64, 30)))
        .isInstanceOf(ModelException.class)
        .hasMessage(TinyVqa.FOLDER + ": the model is closed. Open it again.");
    assertThatThrownBy(() -> inspection.logits(List.of(1), Optional.empty(), 1))
        .isInstanceOf(ModelException.class)
        .hasMessage(TinyVqa.FOLDER + ": the model is closed. Open it again.");
  }

  @Test
  void whatIsLoadedWhenTheRuntimeIsDeactivatedDoesNotStayOpen() {
    OnnxModelRuntime runtime = new OnnxModelRuntime(TinyVqa.SETTINGS);
    runtime.close();
    for (ThrowingCallable opening :
        List.<ThrowingCallable>of(
            () -> runtime.open(TinyVqa.FOLDER),
            () -> runtime.inspect(TinyVqa.FOLDER),
            () -> runtime.inspect(TinyVqa.FOLDER, Precision.FP32))) {
      assertThatThrownBy(opening)
          .isInstanceOf(ModelException.class)
          .hasMessage(
              TinyVqa.FOLDER
                  + ": was not opened, since the model runtime is closed. Start the program again.");
    }
  }
}
