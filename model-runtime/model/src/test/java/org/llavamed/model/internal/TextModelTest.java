package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.inference.Answer;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Query;
import org.llavamed.inference.VisionLanguageModel;

/** The embedded model without its eye. */
class TextModelTest {
  private static final Query QUESTION = Query.open("Which organ lies left of the liver?");

  @TempDir Path folder;

  @BeforeEach
  void leaveOutTheVisionTower() throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode description =
        (ObjectNode) json.readTree(TinyVqa.FOLDER.resolve("llavamed.json").toFile());
    description.put("architecture", "text").put("imageSide", 0).put("imageTokens", 0);
    description.put("imageTokenId", 0).put("pictureMode", "none").put("preparation", "none");
    ObjectNode files = (ObjectNode) description.path("files");
    files.remove(
        List.of(
            "onnx/vision_encoder.onnx",
            "onnx/vision_encoder.onnx_data",
            "preprocessor_config.json",
            "processor_config.json"));
    Files.createDirectories(folder.resolve("onnx"));
    for (String name : (Iterable<String>) files::fieldNames) {
      Files.copy(TinyVqa.FOLDER.resolve(name), folder.resolve(name));
    }
    json.writeValue(folder.resolve("llavamed.json").toFile(), description);
  }

  @Test
  void answersWhatTheWholeModelAnswersWithoutAPicture() {
    Answer expected;
    try (LlavaModel whole = TinyVqa.open();
        EncodedPicture none = whole.withoutPicture()) {
      expected = none.answer(QUESTION, text -> {});
      assertThat(expected.promptTokens()).isLessThan(49);
    }
    try (VisionLanguageModel model = new OnnxModelRuntime(TinyVqa.SETTINGS).open(folder);
        EncodedPicture none = model.withoutPicture()) {
      assertThat(none.answer(QUESTION, text -> {})).isEqualTo(expected);
      Answer chosen =
          none.answer(Query.choice(QUESTION.question(), List.of("stomach", "heart")), text -> {});
      assertThat(chosen.choices()).hasSize(2);
    }
  }

  @Test
  void refusesPictures() {
    try (VisionLanguageModel model = new OnnxModelRuntime(TinyVqa.SETTINGS).open(folder)) {
      assertThatThrownBy(() -> model.encode(TinyVqa.rings(64, 30)))
          .isInstanceOf(ModelException.class)
          .hasMessage(
              folder
                  + ": the model reads texts only, it has no vision tower. Ask it without a picture,"
                  + " or take a model that looks at pictures.");
    }
  }
}
