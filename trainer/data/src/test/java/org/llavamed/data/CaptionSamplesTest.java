package org.llavamed.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.data.CaptionSamples.Counts;
import org.llavamed.preprocess.ConversationTemplate.Turn;

final class CaptionSamplesTest {
  private static final String SHORT = "word ".repeat(29).strip();
  private static final String LONG = "word ".repeat(30).strip();

  @TempDir private Path folder;

  @Test
  void sixteenRequestsAskForDetailAndElevenForBrevity() {
    Set<String> all = new HashSet<>(Instructions.detailed());
    all.addAll(Instructions.brief());
    assertThat(Instructions.detailed()).hasSize(16);
    assertThat(Instructions.brief()).hasSize(11);
    assertThat(all).hasSize(27).noneMatch(String::isBlank);
  }

  @Test
  void aCaptionOfThirtyWordsAnswersARequestForDetail() {
    for (int i = 0; i < 100; i++) {
      assertThat(Instructions.of(LONG, 1, "s" + i)).isIn(Instructions.detailed());
      assertThat(Instructions.of(SHORT, 1, "s" + i)).isIn(Instructions.brief());
    }
  }

  @Test
  void theRequestFollowsFromSeedAndId() {
    assertThat(requests(1)).isEqualTo(requests(1)).isNotEqualTo(requests(2));
    assertThat(new HashSet<>(requests(1))).isEqualTo(new HashSet<>(Instructions.detailed()));
  }

  private static List<String> requests(long seed) {
    return IntStream.range(0, 500).mapToObj(i -> Instructions.of(LONG, seed, "s" + i)).toList();
  }

  @Test
  void aPairBecomesASample() throws IOException {
    Path pairs = folder.resolve("pairs.jsonl");
    Files.writeString(
        pairs,
        """
        {"id": 1, "image": "a.png", "caption": " A heart. ", "more": 2}
        {"id": "b", "image": "x/b.png", "caption": "%s"}
        """
            .formatted(LONG));
    Path out = folder.resolve("out.json");
    assertThat(CaptionSamples.convert(pairs, out, 5)).isEqualTo(new Counts(1, 1));
    try (SampleFile samples = SampleFile.open(out)) {
      assertThat(samples.stream())
          .containsExactly(sample("1", "a.png", "A heart."), sample("b", "x/b.png", LONG));
    }
  }

  private static Sample sample(String id, String image, String caption) {
    Turn turn = new Turn(Instructions.of(caption, 5, id), caption);
    return new Sample(id, Optional.of(image), List.of(turn), Optional.empty());
  }

  @Test
  void aPairThatLacksAKeyIsRefused() throws IOException {
    Path pairs = Files.writeString(folder.resolve("pairs.json"), "[{\"id\": 1, \"image\": \"a\"}]");
    assertThatThrownBy(() -> CaptionSamples.convert(pairs, folder.resolve("out.json"), 0))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("pairs.json: record 1 (id '1'): the key 'caption' is missing");
    assertThat(folder.resolve("out.json")).doesNotExist();
  }

  @Test
  void aCaptionWithTheMarkOfAPictureIsRefused() throws IOException {
    Path pairs =
        Files.writeString(
            folder.resolve("pairs.json"),
            "{\"id\": 1, \"image\": \"a\", \"caption\": \"<image>\"}");
    assertThatThrownBy(() -> CaptionSamples.convert(pairs, folder.resolve("out.json"), 0))
        .hasMessageContaining("the key 'caption' holds the mark <image>");
  }
}
