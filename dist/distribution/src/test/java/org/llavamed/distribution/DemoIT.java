package org.llavamed.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.distribution.Product.Outcome;
import org.llavamed.imaging.DicomObject;

/** {@code llavamed demo}, run once for all tests. */
final class DemoIT {
  private static final String TID_1500 = "1.2.840.10008.5.1.4.1.1.88.34";
  private static final String ENHANCED_SR = "1.2.840.10008.5.1.4.1.1.88.22";
  private static final int STUDIES = 3;
  private static final int PICTURES = 7;

  @TempDir static Path folder;
  private static Path out;
  private static Outcome demo;

  @BeforeAll
  static void runTheDemo() {
    out = folder.resolve("results of the demo");
    demo = Product.run(folder, "demo", "--out", out.toString());
    System.out.println(demo.err() + demo.out());
  }

  @Test
  void everyStudyIsAnsweredInATableUnderTheResearchNotice() {
    assertThat(demo.code()).isZero();
    assertThat(demo.err()).doesNotContain("failed:");
    assertThat(demo.out())
        .contains("RESEARCH USE ONLY")
        .contains("LLAVAMED-SAMPLE-1", "LLAVAMED-SAMPLE-2", "LLAVAMED-SAMPLE-3")
        .contains("QUESTION", "ANSWER", "PROBABILITY", "TIME")
        .contains(out.toString());
  }

  @Test
  void everyStudyHasOneReportOfEachKindAndEveryPictureACapture() {
    List<DicomObject> objects = objects();
    assertThat(objects).filteredOn(o -> sopClass(o).equals(TID_1500)).hasSize(STUDIES);
    assertThat(objects).filteredOn(o -> sopClass(o).equals(ENHANCED_SR)).hasSize(STUDIES);
    assertThat(objects).filteredOn(o -> o.pixelData().isPresent()).hasSize(PICTURES);
    assertThat(Product.files(out)).hasSize(3 * STUDIES + PICTURES);
  }

  @Test
  void theStructuredReportHoldsTheAnswersOfTheJsonFile() throws Exception {
    for (Path file : json()) {
      JsonNode annotation = new ObjectMapper().readTree(file.toFile());
      List<String> texts = annotation.findValuesAsText("answer");
      assertThat(texts).as(file.toString()).isNotEmpty();
      Path report = Path.of(file.toString().replace("_annotation.json", "_sr.dcm"));
      DicomObject sr = new Part10Reader().read(report);
      assertThat(content(sr).toString()).contains(texts);
    }
  }

  @Test
  void aSecondRunWritesTheSameBytes() throws Exception {
    Path again = folder.resolve("again");
    assertThat(Product.run(folder, "demo", "--out", again.toString()).code()).isZero();
    List<Path> first = Product.files(out);
    assertThat(Product.files(again).stream().map(again::relativize))
        .containsExactlyElementsOf(first.stream().map(out::relativize).toList());
    for (Path file : first) {
      assertThat(again.resolve(out.relativize(file))).hasSameBinaryContentAs(file);
    }
  }

  @Test
  void resultsAmongTheInputAreLeftOutAndNamed() {
    Outcome outcome =
        Product.run(folder, "annotate", out.toString(), "--out", folder.resolve("of").toString());
    assertThat(outcome.out()).contains("Left out 16, result of this program:");
    assertThat(folder.resolve("of"))
        .satisfiesAnyOf(
            path -> assertThat(path).doesNotExist(), path -> assertThat(path).isEmptyDirectory());
  }

  private static StringBuilder content(DicomObject sr) {
    var text = new StringBuilder();
    append(text, (DataSet) sr.attributes());
    return text;
  }

  private static void append(StringBuilder text, DataSet item) {
    for (int tag : new int[] {Tag.TextValue, Tag.CodeMeaning, Tag.CodeValue}) {
      item.strings(tag).forEach(value -> text.append(value).append('\n'));
    }
    for (int tag : item.tags()) {
      item.items(tag).forEach(nested -> append(text, nested));
    }
  }

  private static List<Path> json() {
    return Product.files(out).stream().filter(file -> file.toString().endsWith(".json")).toList();
  }

  private static List<DicomObject> objects() {
    var reader = new Part10Reader();
    return Product.files(out).stream()
        .filter(file -> file.toString().endsWith(".dcm"))
        .map(file -> (DicomObject) reader.read(file))
        .toList();
  }

  private static String sopClass(DicomObject object) {
    return object.attributes().string(Tag.SOPClassUID).orElse("");
  }
}
