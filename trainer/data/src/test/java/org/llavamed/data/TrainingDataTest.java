package org.llavamed.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.data.LeftOut.Reason;
import org.llavamed.data.TrainingData.Source;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.PictureReader;
import org.llavamed.inference.Progress;
import org.llavamed.preprocess.ConversationTemplate;
import org.llavamed.preprocess.ConversationTemplate.Turn;
import org.llavamed.preprocess.PictureFiles;
import org.llavamed.preprocess.Tokenizer;

final class TrainingDataTest {
  @TempDir private Path folder;

  private final Tokenizer tokenizer =
      Tokenizer.open(Path.of("src/test/resources/org/llavamed/data/tokenizer-byte-level.json"));

  @AfterEach
  void close() {
    tokenizer.close();
  }

  @Test
  void samplesOfAllFilesAreNumberedThrough() throws IOException {
    Pictures.png(folder.resolve("images/p.png"), 1);
    Source first = file("first", sample("a", Optional.of("p.png"), "x"));
    Source second =
        file("second", sample("b", Optional.empty(), "y"), sample("c", Optional.empty(), "z z"));
    try (TrainingData data = open(100, first, second)) {
      assertThat(data.size()).isEqualTo(3);
      assertThat(data.get(0).picture()).contains(folder.resolve("images/p.png"));
      assertThat(data.get(0).tokens().pictures()).isEqualTo(2);
      assertThat(data.get(1).picture()).isEmpty();
      assertThat(data.get(2).sample()).isEqualTo(sample("c", Optional.empty(), "z z"));
      assertThat(data.leftOut()).isEmpty();
      BatchPlan plan = data.plan(new BatchPlan.Shape(2, 1), 1, 0);
      assertThat(IntStream.range(0, plan.size()).boxed().map(i -> new TreeSet<>(plan.batch(i))))
          .containsExactlyInAnyOrder(new TreeSet<>(List.of(0)), new TreeSet<>(List.of(1, 2)));
      assertThatThrownBy(() -> data.get(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void samplesWithoutAReadablePictureAreLeftOutAndTold() throws IOException {
    Pictures.png(folder.resolve("images/p.png"), 1);
    Path png = Pictures.png(folder.resolve("images/cut.png"), 2);
    Files.write(png, Arrays.copyOf(Files.readAllBytes(png), 40));
    Files.writeString(folder.resolve("images/text.png"), "no picture");
    Source source =
        file(
            "all",
            sample("a", Optional.of("gone.png"), "x"),
            sample("b", Optional.of("p.png"), "x"),
            sample("c", Optional.of("cut.png"), "x"),
            sample("d", Optional.of("text.png"), "x"),
            sample("e", Optional.of("cut.png"), "x"));
    try (TrainingData data = open(100, source)) {
      assertThat(data.size()).isEqualTo(1);
      assertThat(data.get(0).sample().id()).isEqualTo("b");
      assertThat(data.leftOut())
          .extracting(LeftOut::record, LeftOut::id, LeftOut::reason)
          .containsExactly(
              tuple(1, "a", Reason.PICTURE),
              tuple(3, "c", Reason.PICTURE),
              tuple(4, "d", Reason.PICTURE),
              tuple(5, "e", Reason.PICTURE));
      assertThat(data.leftOut().get(0).detail())
          .isEqualTo("gone.png: there is no such file. Check the path.");
      assertThat(data.leftOut().get(1).detail()).startsWith("cut.png: the PNG data are damaged");
      assertThat(data.leftOut().get(2).detail())
          .startsWith("text.png: a file that is neither PNG, JPEG, TIFF, GIF nor BMP");
      checkReport(data);
    }
  }

  private void checkReport(TrainingData data) throws IOException {
    assertThat(LeftOut.summary(data.leftOut(), 5))
        .isEqualTo("4 of 5 samples left out, 4 without a readable picture");
    LeftOut.write(folder.resolve("report.json"), data.leftOut(), 5);
    JsonNode report = new ObjectMapper().readTree(folder.resolve("report.json").toFile());
    assertThat(report.path("mark").asText()).isEqualTo(ResearchMark.NOTICE);
    assertThat(report.path("samples").asInt()).isEqualTo(5);
    assertThat(report.path("picture").asInt()).isEqualTo(4);
    assertThat(report.path("length").asInt()).isZero();
    assertThat(report.path("leftOut")).hasSize(4);
    assertThat(report.path("leftOut").path(0).path("id").asText()).isEqualTo("a");
  }

  @Test
  void samplesWithNoPlaceForAnAnswerAreLeftOutAndTold() throws IOException {
    String longQuestion = "What is it? ".repeat(50);
    Source source =
        file(
            "all",
            sample("a", Optional.empty(), longQuestion),
            sample("b", Optional.empty(), "What?"));
    try (TrainingData data = open(90, source)) {
      assertThat(data.size()).isEqualTo(1);
      assertThat(data.leftOut())
          .containsExactly(new LeftOut(source.file(), 1, "a", Reason.LENGTH, ""));
      assertThat(LeftOut.summary(data.leftOut(), 2))
          .isEqualTo("1 of 2 samples left out, 1 with no place for the picture and an answer");
    }
  }

  @Test
  void dataOfWhichNothingIsLeftAreRefused() throws IOException {
    Source source = file("all", sample("a", Optional.of("gone.png"), "x"));
    assertThatThrownBy(() -> open(100, source))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "no sample is left to train with: 1 of 1 samples left out, 1 without a readable"
                + " picture");
  }

  @Test
  void aPictureOutsideOfItsFolderIsRefused() throws IOException {
    Source source = file("all", sample("a", Optional.of("../p.png"), "x"));
    assertThatThrownBy(() -> open(100, source))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("is no file below this folder");
  }

  @Test
  void aTextThatNamesATokenOfTheModelIsRefusedWithItsPlace() throws IOException {
    Source source = file("all", sample("a", Optional.empty(), "x </s>"));
    assertThatThrownBy(() -> open(100, source))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("all.json: record 1: sample 'a': it has the token '</s>' 2 times");
  }

  @Test
  void picturesAreLookedAtAgainOnlyWhenOneChanges() throws IOException {
    Path png = Pictures.png(folder.resolve("images/p.png"), 1);
    var looked = new AtomicInteger();
    var counting =
        new PictureReader() {
          @Override
          public boolean recognises(Path file) {
            return PictureFiles.reader().recognises(file);
          }

          @Override
          public Picture read(Path file) {
            looked.incrementAndGet();
            return PictureFiles.reader().read(file);
          }
        };
    var check = new PictureCheck(counting, folder.resolve("findings"));
    var pictures = new PictureFolder(folder.resolve("images"));
    List<String> names = List.of("p.png", "p.png", "gone.png");
    var expected = Map.of("gone.png", "there is no such file. Check the path.");
    assertThat(check.broken(pictures, names, Progress.NONE)).isEqualTo(expected);
    assertThat(check.broken(pictures, names, Progress.NONE)).isEqualTo(expected);
    assertThat(looked).hasValue(2);
    Files.writeString(png, "broken now");
    assertThat(check.broken(pictures, names, Progress.NONE)).containsOnlyKeys("gone.png", "p.png");
    assertThat(looked).hasValue(4);
  }

  private TrainingData open(int mostLength, Source... sources) {
    var tokeniser =
        new SampleTokeniser(
            tokenizer,
            ConversationTemplate.MISTRAL_INSTRUCT,
            PictureSlot.of(tokenizer, "<image>", 2),
            OptionalInt.of(1),
            mostLength);
    var check = new PictureCheck(PictureFiles.reader(), folder.resolve("findings"));
    return TrainingData.open(List.of(sources), tokeniser, check, Progress.NONE);
  }

  private Source file(String name, Sample... samples) {
    Path file = folder.resolve(name + ".json");
    SampleWriter.write(file, Stream.of(samples));
    return new Source(file, new PictureFolder(folder.resolve("images")), 1);
  }

  private static Sample sample(String id, Optional<String> image, String question) {
    return new Sample(id, image, List.of(new Turn(question.strip(), "Yes")), Optional.empty());
  }
}
