package org.llavamed.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.preprocess.ConversationTemplate.Turn;

final class VqaSetTest {
  private static final String OWN =
      """
      {"qid": 1, "image_name": "p.jpg", "image_organ": "HEAD", "answer": 2,
       "answer_type": "CLOSED ", "question_type": "PRES", "question": " How many? "}
      """;

  @TempDir private Path folder;

  @Test
  void vqaRadsOwnLayoutIsReadWithItsTraps() throws IOException {
    Files.writeString(folder.resolve("testset.json"), "[" + OWN + "]");
    assertThat(VqaSet.read(folder).questions())
        .containsExactly(
            new VqaQuestion(
                "1",
                folder.resolve("images/p.jpg"),
                "p.jpg",
                "How many?",
                "2",
                AnswerType.CLOSED,
                Optional.of("PRES"),
                Optional.of("HEAD"),
                "test"));
  }

  @Test
  void aConvertedFolderIsRead() {
    var vqa = new VqaMeta("q", AnswerType.OPEN, Optional.empty(), Optional.empty(), "train");
    var sample =
        new Sample("q", Optional.of("p.jpg"), List.of(new Turn("a?", "b")), Optional.of(vqa));
    SampleWriter.write(folder.resolve("validation.json"), Stream.of(sample));
    assertThat(VqaSet.read(folder).split("validation"))
        .containsExactly(
            new VqaQuestion(
                "q",
                folder.resolve("images/p.jpg"),
                "p.jpg",
                "a?",
                "b",
                AnswerType.OPEN,
                Optional.empty(),
                Optional.empty(),
                "validation"));
  }

  @Test
  void aPartWithoutTestPicturesIsReadFromItsOwnFile() {
    var vqa = new VqaMeta("q", AnswerType.OPEN, Optional.empty(), Optional.empty(), "train");
    var sample =
        new Sample("q", Optional.of("p.jpg"), List.of(new Turn("a?", "b")), Optional.of(vqa));
    SampleWriter.write(folder.resolve("train.json"), Stream.of(sample));
    assertThat(VqaSet.read(folder).findPart("disjoint-train")).isEmpty();
    SampleWriter.write(folder.resolve("disjoint-train.json"), Stream.of(sample));
    VqaSet set = VqaSet.read(folder);
    assertThat(set.questions()).hasSize(1);
    assertThat(set.part("disjoint-train").file()).isEqualTo(folder.resolve("disjoint-train.json"));
    assertThat(set.split("disjoint-train"))
        .extracting(VqaQuestion::split)
        .containsExactly("disjoint-train");
    assertThatThrownBy(() -> set.split("dev"))
        .hasMessageContaining("Name one of [train, disjoint-train].");
  }

  @Test
  void aQuestionThatIsBlankIsRefused() throws IOException {
    Files.writeString(
        folder.resolve("test.json"),
        """
        [{"id": "a", "image": "p.jpg", "conversations": [{"from": "human", "value": "<image>\\n"},
          {"from": "gpt", "value": "b"}], "vqa": {"question_id": "a", "answer_type": "OPEN", "split": "test"}}]
        """);
    assertThatThrownBy(() -> VqaSet.read(folder))
        .isInstanceOf(DataException.class)
        .hasMessage(
            folder.resolve("test.json")
                + ": id 'a': its question is blank, expected what is asked of the picture. Write a"
                + " question, or take the record out.");
  }

  @Test
  void aSplitThatIsNotThereIsNamedWithThoseThatAre() throws IOException {
    Files.writeString(folder.resolve("testset.json"), "[" + OWN + "]");
    assertThatThrownBy(() -> VqaSet.read(folder).split("dev"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no question of the split 'dev'. Name one of [test].");
  }

  @Test
  void aFolderOfAnotherLayoutIsRefused() {
    assertThatThrownBy(() -> VqaSet.read(folder))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("it holds neither");
  }

  @Test
  void twoQuestionsOfOneIdAreRefused() throws IOException {
    Files.writeString(folder.resolve("testset.json"), OWN + OWN);
    assertThatThrownBy(() -> VqaSet.read(folder))
        .hasMessageContaining("two questions have the id '1'");
  }

  @Test
  void aPictureOutsideOfTheFolderIsRefused() throws IOException {
    Files.writeString(folder.resolve("testset.json"), OWN.replace("p.jpg", "../p.jpg"));
    assertThatThrownBy(() -> VqaSet.read(folder))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the picture '../p.jpg' is no file below this folder");
  }

  @Test
  void vqaRadHasItsKnownSizes() {
    VqaSet set = VqaSet.read(SharedFiles.path("vqa-rad"));
    assertThat(sizes(set.split("train"))).containsExactly(314L, 3064L, 1241L, 1823L);
    assertThat(sizes(set.split("test"))).containsExactly(203L, 451L, 179L, 272L);
  }

  /** Returns the numbers of pictures, questions, open and closed ones. */
  private static List<Long> sizes(List<VqaQuestion> questions) {
    long open = questions.stream().filter(q -> q.type() == AnswerType.OPEN).count();
    return List.of(
        questions.stream().map(VqaQuestion::pictureId).distinct().count(),
        (long) questions.size(),
        open,
        questions.size() - open);
  }
}
