package org.llavamed.learning.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavamed.preprocess.ConversationTemplate;
import org.llavamed.preprocess.ConversationTemplate.Segment;
import org.llavamed.preprocess.ConversationTemplate.Turn;

final class ChatTemplateFileTest {
  private static final List<Turn> TURNS =
      List.of(new Turn("what is it?", "a lung"), new Turn("which side?", "left's"));

  @ParameterizedTest
  @EnumSource
  void transformersWritesConversationsAsTheModelWasTrainedWithThem(ConversationTemplate template)
      throws IOException {
    JsonNode golden = golden().path(template.label());
    assertThat(ChatTemplateFile.of(template, "<image>")).isEqualTo(golden.path("jinja").asText());
    assertThat(golden.path("plain").asText()).isEqualTo(text(template, ""));
    assertThat(golden.path("shown").asText()).isEqualTo(text(template, "<image>"));
  }

  private static JsonNode golden() throws IOException {
    try (InputStream in = ChatTemplateFileTest.class.getResourceAsStream("chat_templates.json")) {
      return new ObjectMapper().readTree(Objects.requireNonNull(in));
    }
  }

  private static String text(ConversationTemplate template, String slot) {
    return template.conversation(slot, TURNS).stream()
        .map(Segment::text)
        .collect(Collectors.joining());
  }
}
