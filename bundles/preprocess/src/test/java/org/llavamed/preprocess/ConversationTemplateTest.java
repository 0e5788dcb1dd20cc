package org.llavamed.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavamed.inference.ModelException;

class ConversationTemplateTest {
  @Test
  void writesVersionOneFiveInBrackets() {
    assertConversation(
        "mistral_instruct", "[INST] <image>\nWhat is it? [/INST]", " A lung.", "</s>");
  }

  @Test
  void writesVicunaWithNamedSpeakers() {
    assertConversation("vicuna_v1", "USER: <image>\nWhat is it? ASSISTANT:", " A lung.", "</s>");
    assertThat(ConversationTemplate.VICUNA_V1.prompt("Be polite.", "<image>", "What is it?"))
        .isEqualTo("Be polite. USER: <image>\nWhat is it? ASSISTANT:");
  }

  @Test
  void writesVersionOneAsTrainedWithBlanks() {
    assertConversation(
        "llava_med_v1_trained",
        "### Human: <image>\nWhat is it?\n### Assistant:",
        " A lung.",
        "\n### ");
    assertThat(ConversationTemplate.V1_TRAINED.prompt("Be polite.", "<image>", "What is it?"))
        .isEqualTo("Be polite.\n\n### Human: <image>\nWhat is it?\n### Assistant:");
  }

  @Test
  void writesVersionOneAsReleasedWithoutBlanksAndCue() {
    assertConversation(
        "llava_med_v1_released", "###Human:<image>\nWhat is it?###", "Assistant:A lung.", "###");
  }

  private static void assertConversation(String name, String prompt, String answer, String end) {
    ConversationTemplate template = ConversationTemplate.named(name);
    assertThat(template.prompt("", "<image>", "What is it?")).isEqualTo(prompt);
    assertThat(template.answer("A lung.")).isEqualTo(answer);
    assertThat(template.end()).isEqualTo(end);
  }

  @ParameterizedTest
  @EnumSource
  void isFoundByItsName(ConversationTemplate template) {
    assertThat(ConversationTemplate.named(template.label())).isEqualTo(template);
  }

  @Test
  void namesATemplateThatIsUnknown() {
    assertThatThrownBy(() -> ConversationTemplate.named("chatml"))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "template: is 'chatml', expected one of mistral_instruct, vicuna_v1,"
                + " llava_med_v1_trained, llava_med_v1_released. Import the checkpoint with a"
                + " template that is known.");
  }
}
