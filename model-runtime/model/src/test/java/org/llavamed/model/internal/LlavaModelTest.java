package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavamed.contract.VisionLanguageModelContract;
import org.llavamed.inference.Answer;
import org.llavamed.inference.Answer.StopReason;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.Generation;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Query;
import org.llavamed.inference.VisionLanguageModel;

class LlavaModelTest extends VisionLanguageModelContract {
  @Override
  protected VisionLanguageModel open() {
    return TinyVqa.open();
  }

  @Test
  void goingOnFromAKeptPictureGivesTheSameBitsAsReadingAllAnew() {
    try (LlavaModel model = TinyVqa.open();
        LlavaModel fresh = TinyVqa.open();
        LlavaPicture kept = (LlavaPicture) model.encode(TinyVqa.rings(300, 80))) {
      Logits unused = kept.firstLogits("Is this a CT?");
      assertThat(unused.finite()).isTrue();
      try (LlavaPicture other = (LlavaPicture) fresh.encode(TinyVqa.rings(300, 80))) {
        Logits after = kept.firstLogits("What organ is shown?");
        Logits anew = other.firstLogits("What organ is shown?");
        for (int token = 0; token < 1472; token++) {
          assertThat(after.value(token)).isEqualTo(anew.value(token));
        }
      }
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
      assertThat(
              ((LlavaPicture) picture)
                  .firstLogits(query.question())
                  .logProbability(first.tokens().get(0)))
          .isEqualTo(Math.log(first.probability()), org.assertj.core.api.Assertions.within(1e-9));
    }
  }

  @Test
  void stopsWhereTheContextIsFull() {
    ModelSettings narrow = new ModelSettings(TinyVqa.FOLDER, 1, false, 64);
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
              "The prompt and its answer need 68 positions, the model's context has 64. Shorten the"
                  + " question or ask for fewer new tokens.");
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
  void refusesAQuestionFromWithinAnAnswer() {
    try (LlavaModel model = TinyVqa.open();
        EncodedPicture picture = model.encode(TinyVqa.rings(64, 30))) {
      Query query = Query.open("What organ is shown?");
      assertThatThrownBy(() -> picture.answer(query, text -> picture.answer(query, more -> {})))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("is asked while it hands out the text of an answer");
    }
  }

  @Test
  void aModelThatIsClosedFromWithinAnAnswerIsFreedAtItsEnd() {
    List<String> pieces = new ArrayList<>();
    LlavaModel model = TinyVqa.open();
    EncodedPicture picture = model.encode(TinyVqa.rings(64, 30));
    assertThatThrownBy(
            () ->
                picture.answer(
                    Query.open("What organ is shown?"),
                    text -> {
                      pieces.add(text);
                      model.close();
                    }))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("the model is closed");
    assertThat(pieces).isNotEmpty();
    model.close();
  }

  @Test
  void deactivatingTheRuntimeClosesWhatIsOpen() {
    OnnxModelRuntime runtime = new OnnxModelRuntime(TinyVqa.SETTINGS);
    VisionLanguageModel model = runtime.open(TinyVqa.FOLDER);
    assertThat(runtime.defaultFolder()).isEqualTo(TinyVqa.FOLDER);
    runtime.close();
    assertThatThrownBy(() -> model.encode(TinyVqa.rings(64, 30)))
        .isInstanceOf(ModelException.class)
        .hasMessage(TinyVqa.FOLDER + ": the model is closed. Open it again.");
  }
}
