package org.llavamed.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavamed.check.Mutants.Mutant;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Writer;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.imaging.ObjectCheck.Problem;

/** Every small fault is found, and named. */
class MutantsTest {
  private static final Path DOCUMENT = Path.of("../../docs/conformance/checks.md");
  private static final String VALID = "valid";
  private static final String TABLE =
      "| fault | llavamed | dciodvfy | dsrdump | DicomSRValidator |";

  static List<Mutant> mutants() {
    return Mutants.all();
  }

  private static List<String> found(Mutant mutant) {
    List<Problem> problems = new ArrayList<>(new DocumentCheck().check(mutant.make()));
    problems.removeAll(new DocumentCheck().check(Documents.read(mutant.document())));
    return problems.stream().map(problem -> problem.severity() + " " + problem).toList();
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void aFaultIsFoundAndNamed(Mutant mutant) {
    assertThat(found(mutant)).anyMatch(problem -> problem.contains(mutant.expected()));
  }

  @Test
  void mutantsDifferByName() {
    assertThat(mutants()).extracting(Mutant::name).doesNotHaveDuplicates();
  }

  /** With {@code -Dllavamed.docs.write=true} the table is written anew. */
  @Test
  void theTableOfTheDocumentationIsWhatIsFound() throws IOException {
    String text = Files.readString(DOCUMENT);
    String before = text.substring(0, text.indexOf(TABLE));
    String whole = before + table();
    if (Boolean.getBoolean("llavamed.docs.write")) {
      Files.writeString(DOCUMENT, whole);
    }
    assertThat(Files.readString(DOCUMENT)).isEqualTo(whole);
  }

  private static String table() throws IOException {
    Map<String, String> others = others();
    StringBuilder table = new StringBuilder(TABLE).append("\n|---|---|---|---|---|\n");
    for (Mutant mutant : mutants()) {
      String worst =
          found(mutant).stream()
              .map(problem -> problem.startsWith("ERROR") ? "error" : "warning")
              .min(Comparator.naturalOrder())
              .orElse("-");
      table.append(
          "| %s | %s | %s |\n"
              .formatted(
                  mutant.name(),
                  worst,
                  others.getOrDefault(mutant.name(), "not tried | not tried | not tried")));
    }
    return table.toString();
  }

  /** What other checkers say, measured by {@code other_checkers.sh}. */
  private static Map<String, String> others() throws IOException {
    Map<String, String> others = new HashMap<>();
    try (InputStream in = MutantsTest.class.getResourceAsStream("other_checkers.tsv")) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("\t", -1))
          .forEach(row -> others.put(row[0], row[1] + " | " + row[2] + " | " + row[3]));
    }
    return others;
  }

  /** With {@code -Dllavamed.mutants=FOLDER} the mutants are written for other checkers. */
  @Test
  @EnabledIfSystemProperty(named = "llavamed.mutants", matches = ".+")
  void mutantsAreWrittenForOtherCheckers() throws IOException {
    Path folder = Path.of(System.getProperty("llavamed.mutants", ""));
    for (String name : Documents.NAMES) {
      write(Documents.read(name), folder.resolve(name).resolve(VALID));
    }
    for (Mutant mutant : mutants()) {
      write(mutant.make(), folder.resolve(mutant.document()).resolve(mutant.name()));
    }
    assertThat(folder).isDirectoryContaining(file -> file.endsWith(Documents.NAMES.get(0)));
  }

  /** Part 10 files have a SOP Instance UID: that one fault is not for other checkers. */
  private static void write(DataSet object, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    if (object.string(Tag.SOPInstanceUID).isPresent()) {
      Part10Writer.write(object, Uids.ExplicitVRLittleEndian, file);
    }
  }
}
