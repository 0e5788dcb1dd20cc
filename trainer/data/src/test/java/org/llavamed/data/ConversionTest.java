package org.llavamed.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.data.Conversion.Report;
import org.llavamed.data.Conversion.Size;
import org.llavamed.inference.Progress;
import org.llavamed.preprocess.PictureFiles;

final class ConversionTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void vqaRadBecomesPartsThatShareNoPicture() throws IOException {
    Report report = convert(VqaLayout.VQA_RAD, Layouts.vqaRad(folder.resolve("src")), 0.25);
    assertThat(report.official())
        .isEqualTo(Map.of(Splits.TRAIN, new Size(4, 6, 3, 3), Splits.TEST, new Size(2, 2, 1, 1)));
    assertThat(report.testPicturesInTrain()).isEqualTo(1);
    assertThat(report.leftOut()).isEmpty();
    List<VqaQuestion> train = part("train");
    List<VqaQuestion> validation = part("validation");
    assertThat(validation.stream().map(VqaQuestion::pictureId).distinct()).hasSize(1);
    assertThat(Stream.concat(train.stream(), validation.stream()).map(VqaQuestion::id))
        .containsExactlyInAnyOrder("1", "2", "3", "4", "5", "6");
    assertThat(Stream.concat(ids("disjoint-train"), ids("disjoint-validation")))
        .containsExactlyInAnyOrder("3", "4", "5", "6");
  }

  @Test
  void whatIsWrittenIsReadAsTheDataSetIs() throws IOException {
    Path source = Layouts.vqaRad(folder.resolve("src"));
    convert(VqaLayout.VQA_RAD, source, 0);
    VqaQuestion converted = part("test").get(0);
    VqaQuestion original = VqaSet.read(source).split("test").get(0);
    assertThat(converted).usingRecursiveComparison().ignoringFields("picture").isEqualTo(original);
    assertThat(Files.readAllBytes(converted.picture()))
        .isEqualTo(Files.readAllBytes(original.picture()));
    assertThat(part("train").stream().filter(q -> q.id().equals("3")))
        .extracting(VqaQuestion::answer)
        .containsExactly("3");
    assertThat(part("train").stream().filter(q -> q.id().equals("2")))
        .extracting(VqaQuestion::type)
        .containsExactly(AnswerType.CLOSED);
  }

  @Test
  void theFilesOfSplitsAndOfTheConversionSayWhatWasMade() throws IOException {
    Path source = Layouts.vqaRad(folder.resolve("src"));
    Report report = convert(VqaLayout.VQA_RAD, source, 0.25);
    JsonNode splits = JSON.readTree(folder.resolve("out/splits.json").toFile());
    assertThat(splits.path("mark").asText()).isEqualTo(ResearchMark.NOTICE);
    for (String name : report.parts().keySet()) {
      assertThat(texts(splits.path(name).path("questions"))).isEqualTo(ids(name).toList());
    }
    assertThat(texts(splits.path("test").path("pictures"))).containsExactly("p1.png", "p5.png");
    JsonNode conversion = JSON.readTree(folder.resolve("out/conversion.json").toFile());
    assertThat(conversion.path("mark").asText()).isEqualTo(ResearchMark.NOTICE);
    assertThat(conversion.path("parts").path("test").path("closed").asInt()).isEqualTo(1);
    assertThat(conversion.path("sources").path("trainset.json").asText())
        .isEqualTo(Hashes.of(source.resolve("trainset.json")));
    assertThat(conversion.path("rule").asText())
        .contains("0.25 of its pictures, those whose SHA-256 comes first in ascending order");
    assertThat(report.differences())
        .contains("The split test has 2 questions about 2 pictures, published are 451 about 203.");
  }

  @Test
  void theSameDataSetGivesTheSameFiles() throws IOException {
    Path source = Layouts.vqaRad(folder.resolve("src"));
    convert(VqaLayout.VQA_RAD, source, 0.25);
    Map<String, String> first = hashes(folder.resolve("out"));
    Files.move(folder.resolve("out"), folder.resolve("before"));
    convert(VqaLayout.VQA_RAD, source, 0.25);
    assertThat(hashes(folder.resolve("out"))).isEqualTo(first).hasSize(7 + 5);
  }

  @Test
  void ofSlakeTheEnglishQuestionsAreTaken() throws IOException {
    Report report = convert(VqaLayout.SLAKE, Layouts.slake(folder.resolve("src")), 0.5);
    assertThat(report.rule()).contains("validation is the official validation split");
    assertThat(part("train")).extracting(VqaQuestion::id).containsExactly("1");
    VqaQuestion question = part("validation").get(0);
    assertThat(question)
        .isEqualTo(
            new VqaQuestion(
                "3",
                folder.resolve("out/images/x2/source.jpg"),
                "x2/source.jpg",
                "Question 3?",
                "lung",
                AnswerType.CLOSED,
                Optional.of("Organ"),
                Optional.of("Chest_lung"),
                "validation"));
    assertThat(question.picture()).exists();
  }

  @ParameterizedTest
  @EnumSource
  void onlyPathVqaIsPublishedWithoutAValidationFileToo(VqaLayout layout) {
    assertThat(layout.parts().stream().filter(VqaLayout.Part::optional))
        .extracting(VqaLayout.Part::split)
        .isEqualTo(layout == VqaLayout.PATH_VQA ? List.of(Splits.VALIDATION) : List.of());
  }

  @Test
  void ofPathVqaYesAndNoAreClosed() throws IOException {
    convert(VqaLayout.PATH_VQA, Layouts.pathVqa(folder.resolve("src")), 0);
    assertThat(part("train"))
        .extracting(VqaQuestion::id, VqaQuestion::type, VqaQuestion::pictureId)
        .containsExactly(
            tuple("train-1", AnswerType.OPEN, "train/train_0001.jpg"),
            tuple("train-2", AnswerType.CLOSED, "train/train_0002.jpg"));
    assertThat(part("test").get(0).type()).isEqualTo(AnswerType.CLOSED);
    assertThat(part("test").get(0).picture()).exists();
  }

  @ParameterizedTest
  @CsvSource({
    "VQA_RAD, trainset.json, qid",
    "VQA_RAD, testset.json, image_name",
    "VQA_RAD, trainset.json, question",
    "VQA_RAD, trainset.json, answer",
    "VQA_RAD, trainset.json, answer_type",
    "VQA_RAD, trainset.json, question_type",
    "VQA_RAD, trainset.json, image_organ",
    "SLAKE, train.json, qid",
    "SLAKE, validate.json, img_name",
    "SLAKE, train.json, question",
    "SLAKE, train.json, answer",
    "SLAKE, train.json, q_lang",
    "SLAKE, test.json, answer_type",
    "SLAKE, train.json, content_type",
    "SLAKE, train.json, location",
    "PATH_VQA, train.json, image",
    "PATH_VQA, test.json, question",
    "PATH_VQA, train.json, answer",
  })
  void aMissingKeyIsNamed(VqaLayout layout, String file, String key) throws IOException {
    Path source = source(layout);
    Path changed = source.resolve(file);
    Files.writeString(changed, Files.readString(changed).replace("\"" + key + "\"", "\"other\""));
    assertThatThrownBy(() -> convert(layout, source, 0))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(file + ": record 1")
        .hasMessageContaining("the key '%s' is missing", key);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"VQA_RAD, trainset.json", "SLAKE, validate.json", "PATH_VQA, test.json"})
  void aMissingFileIsNamed(VqaLayout layout, String file) throws IOException {
    Path source = source(layout);
    Files.delete(source.resolve(file));
    assertThatThrownBy(() -> convert(layout, source, 0))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(file + ": there is no such file. Name the folder that holds");
  }

  @Test
  void questionsWithoutAReadablePictureAreLeftOutAndListed() throws IOException {
    Path source = Layouts.vqaRad(folder.resolve("src"));
    Files.delete(source.resolve("images/p4.png"));
    Files.writeString(source.resolve("images/p2.png"), "no picture");
    Report report = convert(VqaLayout.VQA_RAD, source, 0);
    assertThat(report.leftOut()).containsExactly("3", "5", "6");
    assertThat(report.brokenPictures().get("p4.png"))
        .isEqualTo("there is no such file. Check the path.");
    assertThat(report.brokenPictures().get("p2.png")).startsWith("a file that is neither PNG");
    assertThat(report.official().get(Splits.TRAIN)).isEqualTo(new Size(4, 6, 3, 3));
    assertThat(part("train")).extracting(VqaQuestion::id).containsExactly("1", "2", "4");
    assertThat(folder.resolve("out/images/p2.png")).doesNotExist();
  }

  @Test
  void aFolderThatIsNotEmptyIsLeftAsItIs() throws IOException {
    Path source = Layouts.vqaRad(folder.resolve("src"));
    Path other = Files.createDirectories(folder.resolve("out")).resolve("x");
    Files.writeString(other, "mine");
    assertThatThrownBy(() -> convert(VqaLayout.VQA_RAD, source, 0))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the folder is not empty. Name a folder that is empty or not there.");
    assertThat(other).hasContent("mine");
    Files.delete(other);
    convert(VqaLayout.VQA_RAD, source, 0);
    assertThat(part("test")).hasSize(2);
    try (Stream<Path> beside = Files.list(folder)) {
      assertThat(beside.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("src", "out");
    }
  }

  @Test
  void vqaRadHasItsKnownPartsAndOnePictureSetApart() {
    Path source = SharedFiles.path("vqa-rad");
    Report report = convert(VqaLayout.VQA_RAD, source, 0.15);
    assertThat(report.differences()).isEmpty();
    assertThat(report.leftOut()).isEmpty();
    assertThat(report.official())
        .isEqualTo(
            Map.of(
                Splits.TRAIN,
                new Size(314, 3064, 1241, 1823),
                Splits.TEST,
                new Size(203, 451, 179, 272)));
    assertThat(report.testPicturesInTrain()).isEqualTo(203);
    Size train = size(report, Splits.DISJOINT_TRAIN);
    Size validation = size(report, Splits.DISJOINT_VALIDATION);
    assertThat(train.pictures() + validation.pictures()).isEqualTo(111);
    assertThat(train.questions() + validation.questions()).isEqualTo(1152);
    assertThat(size(report, Splits.VALIDATION).pictures()).isEqualTo(47);
    assertThat(size(report, Splits.TRAIN).pictures()).isEqualTo(267);
    assertThat(size(report, Splits.TRAIN).questions()).isEqualTo(2610);
    assertThat(size(report, Splits.VALIDATION).questions()).isEqualTo(454);
    System.out.println("VQA-RAD: " + report.parts());
  }

  private static Size size(Report report, String part) {
    return report.parts().getOrDefault(part, new Size(0, 0, 0, 0));
  }

  private Path source(VqaLayout layout) throws IOException {
    Path source = folder.resolve("src");
    return switch (layout) {
      case VQA_RAD -> Layouts.vqaRad(source);
      case SLAKE -> Layouts.slake(source);
      case PATH_VQA -> Layouts.pathVqa(source);
    };
  }

  private Report convert(VqaLayout layout, Path source, double share) {
    return new Conversion(layout, source, folder.resolve("out"), share)
        .run(PictureFiles.reader(), Progress.NONE);
  }

  private List<VqaQuestion> part(String split) {
    return VqaSet.read(folder.resolve("out")).split(split);
  }

  private Stream<String> ids(String part) {
    try (SampleFile samples = SampleFile.open(folder.resolve("out/" + part + ".json"))) {
      return samples.stream().map(Sample::id).toList().stream();
    }
  }

  private static List<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static Map<String, String> hashes(Path folder) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        hashes.put(folder.relativize(file).toString(), Hashes.of(file));
      }
    }
    return hashes;
  }
}
