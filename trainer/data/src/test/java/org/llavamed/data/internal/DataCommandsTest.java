package org.llavamed.data.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Command;
import org.llavamed.data.Layouts;
import org.llavamed.data.SampleFile;
import org.llavamed.imaging.PictureReader;
import org.llavamed.preprocess.PictureFiles;
import picocli.CommandLine;

final class DataCommandsTest {
  private final PictureReader reader = PictureFiles.reader();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void aConversionPrintsItsParts() throws IOException {
    Path source = Layouts.vqaRad(folder.resolve("src"));
    int code = run(new VqaRadCommand(reader), source, "--out", folder.resolve("out"));
    assertThat(code).isZero();
    assertThat(out.toString().lines())
        .startsWith("part                  pictures  questions   open  closed")
        .contains("test                         2          2      1       1")
        .contains(
            "validation was taken out of the official train split: together with train it has 6"
                + " questions.")
        .contains("1 of the test pictures are also pictures of the official train split.")
        .endsWith("made " + folder.resolve("out"), ResearchMark.NOTICE);
    assertThat(err.toString()).contains("The split train has 6 questions about 4 pictures");
  }

  @Test
  void aValidationPartOfTheDataSetsOwnIsNotSaidToBeTakenOutOfTrain() throws IOException {
    Path source = Layouts.slake(folder.resolve("src"));
    assertThat(run(new SlakeCommand(reader), source, "--out", folder.resolve("out"))).isZero();
    assertThat(out.toString()).contains("validation").doesNotContain("taken out");
  }

  @Test
  void theHelpOfVqaRadSaysWhatItsTrainFileLacks() {
    assertThat(run(new VqaRadCommand(reader), "--out", "x")).isEqualTo(Command.USAGE);
    assertThat(err.toString().replaceAll("\\s+", " "))
        .contains("train.json has 2,610 of the published 3,064 questions");
  }

  @Test
  void aConversionPrintsJsonWhereAsked() throws IOException {
    Path source = Layouts.slake(folder.resolve("src"));
    int code = run(new SlakeCommand(reader), source, "--out", folder.resolve("out"), "--json");
    assertThat(code).isZero();
    JsonNode report = new ObjectMapper().readTree(out.toString());
    assertThat(report.path("dataSet").asText()).isEqualTo("slake");
    assertThat(report.path("mark").asText()).isEqualTo(ResearchMark.NOTICE);
    assertThat(report)
        .isEqualTo(new ObjectMapper().readTree(folder.resolve("out/conversion.json").toFile()));
  }

  @Test
  void brokenPicturesAreToldAndTheRestIsDone() throws IOException {
    Path source = Layouts.pathVqa(folder.resolve("src"));
    Files.delete(source.resolve("images/train/train_0001.jpg"));
    int code = run(new PathVqaCommand(reader), source, "--out", folder.resolve("out"));
    assertThat(code).isEqualTo(Command.SOME_INPUT_FAILED);
    assertThat(err.toString())
        .contains(
            "1 question left out, since 1 picture cannot be used; conversion.json lists them:")
        .contains("train_0001: there is no such file. Check the path.");
    try (SampleFile train = SampleFile.open(folder.resolve("out/train.json"))) {
      assertThat(train.size()).isEqualTo(1);
    }
  }

  @Test
  void wrongArgumentsAreRefused() {
    assertThat(run(new VqaRadCommand(reader), folder.resolve("no"), "--out", folder.resolve("out")))
        .isEqualTo(Command.USAGE);
    assertThat(err.toString())
        .contains(
            "SRC %s: there is no such folder. Name the folder of the data set's files"
                .formatted(folder.resolve("no")));
    assertThat(run(new VqaRadCommand(reader), folder, "--out", "x", "--validation-share", 1))
        .isEqualTo(Command.USAGE);
    assertThat(err.toString()).contains("--validation-share 1.0: expected 0 to below 1");
  }

  @Test
  void captionsBecomeSamples() throws IOException {
    Path pairs = folder.resolve("pairs.json");
    Files.writeString(pairs, "[{\"id\": 1, \"image\": \"a.png\", \"caption\": \"A heart.\"}]");
    Path samples = folder.resolve("train.json");
    assertThat(run(new CaptionsCommand(), pairs, "--out", samples)).isZero();
    assertThat(out.toString())
        .contains("train.json: 1 sample, 0 that ask for detail, 1 for brevity")
        .contains(ResearchMark.NOTICE);
    assertThat(run(new CaptionsCommand(), pairs, "--out", samples)).isEqualTo(Command.USAGE);
    assertThat(err.toString()).contains("is there already. Name another file");
  }

  @Test
  void captionsPrintJsonWhereAsked() throws IOException {
    Path pairs = folder.resolve("pairs.json");
    Files.writeString(pairs, "[{\"id\": 1, \"image\": \"a.png\", \"caption\": \"A heart.\"}]");
    assertThat(run(new CaptionsCommand(), pairs, "--out", folder.resolve("x"), "--json")).isZero();
    assertThat(new ObjectMapper().readTree(out.toString()).path("brief").asInt()).isEqualTo(1);
  }

  private int run(Command command, Object... arguments) {
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    return new CommandLine(command)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(words);
  }
}
