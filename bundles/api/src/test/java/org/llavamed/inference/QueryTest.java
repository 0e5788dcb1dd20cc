package org.llavamed.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class QueryTest {
  private static final String SCHEMA = "{\"type\":\"string\"}";

  @Test
  void aSchemaAndTextsThatWouldCutTheAnswerDoNotGoTogether() {
    Generation stops = Generation.GREEDY.withStopTexts(List.of("."));
    assertThat(Query.open("What?", stops).generation()).isEqualTo(stops);
    assertThat(new Query("What?", List.of(), SCHEMA, Generation.GREEDY).jsonSchema())
        .isEqualTo(SCHEMA);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Query("What?", List.of(), SCHEMA, stops))
        .withMessage(
            "A question has a JSON schema or texts that end the answer, not both; leave one out.");
  }

  @Test
  void aClosedQuestionHasChoices() {
    assertThat(Query.choice("What?", List.of("a")).choices()).containsExactly("a");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Query.choice("What?", List.of()))
        .withMessage("The question has no choices; give one or more, or ask an open question.");
  }
}
