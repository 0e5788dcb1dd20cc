package org.llavamed.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavamed.inference.ModelException;
import org.llavamed.preprocess.ConversationTemplate.Segment;
import org.llavamed.preprocess.ConversationTemplate.Turn;

class ConversationTemplateTest {
  private static final String USER =
      "A chat between a curious user and an artificial intelligence assistant. The assistant gives"
          + " helpful, detailed, and polite answers to the user's questions.";
  private static final String HUMAN =
      "A chat between a curious human and an artificial intelligence assistant. The assistant"
          + " gives helpful, detailed, and polite answers to the human's questions.";
  private static final List<Turn> TURNS =
      List.of(new Turn("What is it?", "A lung."), new Turn("Is it healthy?", "Yes."));

  @Test
  void writesVersionOneFiveInBrackets() {
    assertTexts(
        "mistral_instruct",
        "[INST] <image>\nWhat is it? [/INST]",
        "[INST] What is it? [/INST]",
        " A lung.",
        "</s>");
    assertConversation(
        "mistral_instruct",
        "[INST] <image>\nWhat is it? [/INST] A lung. </s>[INST] Is it healthy? [/INST] Yes. </s>");
  }

  @Test
  void writesVicunaWithNamedSpeakers() {
    assertTexts(
        "vicuna_v1",
        USER + " USER: <image>\nWhat is it? ASSISTANT:",
        USER + " USER: What is it? ASSISTANT:",
        " A lung.",
        "</s>");
    assertConversation(
        "vicuna_v1",
        USER
            + " USER: <image>\nWhat is it? ASSISTANT: A lung.</s>"
            + "USER: Is it healthy? ASSISTANT: Yes.</s>");
  }

  @Test
  void writesVersionOneAsTrainedWithBlanks() {
    assertTexts(
        "llava_med_v1_trained",
        HUMAN + "\n\n### Human: <image>\nWhat is it?\n### Assistant:",
        HUMAN + "\n\n### Human: What is it?\n### Assistant:",
        " A lung.",
        "\n### ");
    assertConversation(
        "llava_med_v1_trained",
        HUMAN
            + "\n\n### Human: <image>\nWhat is it?\n### Assistant: A lung.\n"
            + "### Human: Is it healthy?\n### Assistant: Yes.\n### ");
  }

  @Test
  void writesVersionOneAsReleasedWithTheGreetingAndThePictureBehind() {
    String greeting =
        HUMAN + "###Human: Hi!###Assistant: Hi there!  How can I help you today?\n###";
    assertTexts(
        "llava_med_v1_released",
        greeting + "Human: What is it?\n<image>###",
        greeting + "Human: What is it?###",
        "Assistant: A lung.",
        "###");
    assertConversation(
        "llava_med_v1_released",
        greeting
            + "Human: What is it?\n<image>###Assistant: A lung.###"
            + "Human: Is it healthy?###Assistant: Yes.###");
  }

  @Test
  void writesPlainQuestionsAsTheyAre() {
    assertTexts("plain", "<image>\nWhat is it?", "What is it?", "A lung.", "");
  }

  private static void assertTexts(
      String name, String ofPicture, String without, String answer, String end) {
    ConversationTemplate template = ConversationTemplate.named(name);
    assertThat(template.prompt("<image>", "What is it?")).isEqualTo(ofPicture);
    assertThat(template.prompt("", "What is it?")).isEqualTo(without);
    assertThat(template.answer("A lung.")).isEqualTo(answer);
    assertThat(template.end()).isEqualTo(end);
  }

  private static void assertConversation(String name, String text) {
    List<Segment> segments = ConversationTemplate.named(name).conversation("<image>", TURNS);
    assertThat(segments.stream().map(Segment::text).collect(Collectors.joining())).isEqualTo(text);
  }

  @ParameterizedTest
  @EnumSource
  void learnsTheAnswersAndTheirEndsAlone(ConversationTemplate template) {
    List<Segment> segments = template.conversation("<image>", TURNS);
    assertThat(segments.stream().map(Segment::answer)).containsExactly(false, true, false, true);
    assertThat(segments.get(0).text()).isEqualTo(template.prompt("<image>", "What is it?"));
    assertThat(segments.get(1).text())
        .startsWith(template.answer("A lung."))
        .endsWith(template.end());
    assertThat(segments.get(2).text()).contains("Is it healthy?").doesNotContain("<image>", "chat");
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
                + " llava_med_v1_trained, llava_med_v1_released, plain. Import the checkpoint with"
                + " a template that is known.");
  }
}
