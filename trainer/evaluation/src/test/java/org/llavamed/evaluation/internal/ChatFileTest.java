package org.llavamed.evaluation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.data.DataException;

final class ChatFileTest {
  private static final String LINE =
      """
      {"question_id": 0, "image": "a.png", "pair_id": "a", "text": "What is seen?\\n<image>", "gpt4_answer": "A lung.", "fig_label": "Fig. 3", "fig_caption": "A lung of a mouse.", "in_text_mention": [{"tokens": "As Fig. 3 shows ."}, {"tokens": "See Fig. 3 ."}], "type": "conversation", "domain": {"chest_xray": false, "mri": false, "histology": true, "gross": true, "ct_scan": false}}
      """
          .strip();

  @TempDir private Path folder;

  private List<ChatQuestion> read(String text) throws IOException {
    return ChatFile.read(Files.writeString(folder.resolve("qa.jsonl"), text), folder);
  }

  @Test
  void aLineHasAllThatAJudgeIsTold() throws IOException {
    ChatQuestion one = read(LINE + "\n\n").get(0);
    assertThat(one.question().id()).isEqualTo("0");
    assertThat(one.question().question()).isEqualTo("What is seen?");
    assertThat(one.question().answer()).isEqualTo("A lung.");
    assertThat(one.question().picture()).isEqualTo(folder.resolve("a.png"));
    assertThat(one.label()).isEqualTo("Fig. 3");
    assertThat(one.caption()).isEqualTo("A lung of a mouse.");
    assertThat(one.mentions()).containsExactly("As Fig. 3 shows .", "See Fig. 3 .");
    assertThat(one.type()).isEqualTo("conversation");
  }

  @Test
  void theFirstDomainThatIsTrueCounts() throws IOException {
    assertThat(read(LINE).get(0).domain()).isEqualTo("histology");
    assertThat(read(LINE.replace("true", "false")).get(0).domain()).isEqualTo("other");
  }

  @Test
  void aMissingKeyIsNamedWithItsLine() {
    for (String key :
        List.of(
            "question_id",
            "image",
            "text",
            "gpt4_answer",
            "fig_label",
            "fig_caption",
            "in_text_mention",
            "type",
            "domain")) {
      assertThatThrownBy(() -> read("\n" + LINE.replace('"' + key + '"', "\"x\"")))
          .isInstanceOf(DataException.class)
          .hasMessage(
              "%s: line 2: the key '%s' is missing or of another kind. Write it as the published files have it."
                  .formatted(folder.resolve("qa.jsonl"), key));
    }
  }

  @Test
  void equalIdsNoJsonAndEmptyFilesAreRefused() {
    assertThatThrownBy(() -> read(LINE + "\n" + LINE))
        .hasMessageContaining("line 2: a second question has the id '0'");
    assertThatThrownBy(() -> read("{")).hasMessageContaining("line 1: it is no JSON");
    assertThatThrownBy(() -> read("\n")).hasMessageContaining("it has no question");
  }

  @Test
  void aBlankQuestionIsRefused() {
    assertThatThrownBy(() -> read(LINE.replace("What is seen?", " ")))
        .hasMessage(
            folder.resolve("qa.jsonl")
                + ": line 1: the value of 'text' is blank. Write it, or remove the line.");
  }

  @Test
  void aPictureOutsideTheFolderIsRefused() {
    assertThatThrownBy(() -> read(LINE.replace("a.png", "../a.png")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("../a.png");
  }
}
