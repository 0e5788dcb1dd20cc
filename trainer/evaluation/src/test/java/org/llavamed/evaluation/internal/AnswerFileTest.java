package org.llavamed.evaluation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.data.DataException;

final class AnswerFileTest {
  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("a.jsonl"), text);
  }

  @Test
  void publishedFilesAreReadWithNumbersAsIds() throws IOException {
    assertThat(
            AnswerFile.read(
                file(
                    """
                    {"question_id": 12, "prompt": "Is it?\\n<image>", "text": "Yes.", "answer_id": "x", "metadata": {}}

                    {"question_id": "a", "prompt": "What?", "text": ""}
                    """)))
        .extracting(AnswerLine::questionId, AnswerLine::text)
        .containsExactly(tuple("12", "Yes."), tuple("a", ""));
  }

  @Test
  void aMissingKeyIsNamedWithItsLine() throws IOException {
    Path file =
        file("{\"question_id\": 1, \"prompt\": \"q\", \"text\": \"a\"}\n{\"prompt\": \"q\"}\n");
    assertThatThrownBy(() -> AnswerFile.read(file))
        .isInstanceOf(DataException.class)
        .hasMessage(
            file
                + ": line 2: the key 'question_id' has no text. Write one JSON object a line with the"
                + " keys question_id, prompt and text.");
  }

  @Test
  void aLineThatIsNoJsonIsNamed() throws IOException {
    Path file = file("yes\n");
    assertThatThrownBy(() -> AnswerFile.read(file)).hasMessageContaining("line 1: it is no JSON");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> AnswerFile.read(folder.resolve("none")))
        .hasMessageContaining("none: there is no such file");
  }
}
