package org.llavamed.annotator.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.annotation.AnnotationException;
import org.llavamed.annotation.Code;
import org.llavamed.annotation.Protocol;
import org.llavamed.annotation.Protocol.Choice;
import org.llavamed.annotation.Protocol.ProtocolQuestion;

class ProtocolReaderTest {
  private static final String ADVICE = " Correct the protocol; protocol.schema.json describes it.";
  private static final ObjectMapper YAML = new YAMLMapper();

  @TempDir Path folder;

  private final ProtocolReader reader = new ProtocolReader();

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private String errorOf(Path file) {
    var error = new StringBuilder();
    assertThatExceptionOfType(AnnotationException.class)
        .isThrownBy(() -> reader.read(file))
        .satisfies(e -> error.append(e.getMessage()));
    return error.toString();
  }

  private static JsonSchema schema() throws IOException {
    return JsonSchemaFactory.getInstance(VersionFlag.V202012)
        .getSchema(resource("/org/llavamed/annotator/protocol.schema.json"));
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(ProtocolReaderTest.class.getResourceAsStream(name), name);
  }

  @Test
  void theShippedProtocolAsksForOrganPlaneAndAbnormality() {
    Protocol protocol = reader.shipped();
    assertThat(protocol.name()).isEqualTo("default");
    assertThat(protocol.version()).isEqualTo("1");
    assertThat(protocol.frames()).isEqualTo(3);
    assertThat(protocol.sha256()).matches("[0-9a-f]{64}");
    assertThat(protocol.questions())
        .extracting(ProtocolQuestion::id)
        .containsExactly("organ", "plane", "abnormality");
    assertThat(protocol.questions().get(1).modalities()).containsExactly("CT", "MR", "PT", "NM");
    assertThat(protocol.questions().get(2).choices())
        .containsExactly(
            new Choice("Yes", Optional.of(new Code("373066001", "SCT", "Yes"))),
            new Choice("No", Optional.of(new Code("373067005", "SCT", "No"))));
  }

  @Test
  void theShippedProtocolIsValidByTheSchema() throws IOException {
    try (InputStream in = resource(ProtocolReader.DEFAULT)) {
      assertThat(schema().validate(YAML.readTree(in))).isEmpty();
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          no name        | {version: "1", questions: [{id: a, text: b}]}
          blank name     | {name: " ", version: "1", questions: [{id: a, text: b}]}
          long name      | {name: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, version: "1", questions: [{id: a, text: b}]}
          no version     | {name: n, questions: [{id: a, text: b}]}
          number version | {name: n, version: 1, questions: [{id: a, text: b}]}
          no question    | {name: n, version: "1", questions: []}
          no frames      | {name: n, version: "1", frames: 0, questions: [{id: a, text: b}]}
          half a frame   | {name: n, version: "1", frames: 1.5, questions: [{id: a, text: b}]}
          many frames    | {name: n, version: "1", frames: 1001, questions: [{id: a, text: b}]}
          unknown key    | {name: n, version: "1", question: [{id: a, text: b}]}
          bad id         | {name: n, version: "1", questions: [{id: a b, text: b}]}
          no text        | {name: n, version: "1", questions: [{id: a}]}
          one choice     | {name: n, version: "1", questions: [{id: a, text: b, choices: [{text: c}]}]}
          half a code    | {name: n, version: "1", questions: [{id: a, text: b, code: {value: c}}]}
          long value     | {name: n, version: "1", questions: [{id: a, text: b, code: {value: "12345678901234567", scheme: SCT, meaning: m}}]}
          blank modality | {name: n, version: "1", questions: [{id: a, text: b, appliesTo: {modalities: [""]}}]}
          text for list  | {name: n, version: "1", questions: [{id: a, text: b, appliesTo: {modalities: CT}}]}
          """)
  void whatTheSchemaRefusesTheReaderRefuses(String title, String yaml) throws IOException {
    JsonNode tree = YAML.readTree(yaml);
    assertThat(schema().validate(tree)).isNotEmpty();
    assertThat(errorOf(write("p.yaml", yaml))).contains("p.yaml");
    assertThat(errorOf(write("p.json", new ObjectMapper().writeValueAsString(tree))))
        .contains("p.json");
  }

  @Test
  void jsonAndYamlOfOneContentGiveTheSameQuestions() throws IOException {
    Protocol yaml =
        reader.read(
            write(
                "p.yml",
                """
                name: chest
                version: "2"
                questions:
                  - id: effusion
                    text: Is there an effusion?
                    choices: [{text: yes}, {text: no}]
                    appliesTo: {modalities: [CR, DX], bodyParts: [CHEST]}
                    frames: 5
                """));
    Protocol json =
        reader.read(
            write(
                "p.JSON",
                """
                {"$schema": "protocol.schema.json", "name": "chest", "version": "2", "questions": [
                  {"id": "effusion", "text": "Is there an effusion?",
                   "choices": [{"text": "yes"}, {"text": "no"}],
                   "appliesTo": {"modalities": ["CR", "DX"], "bodyParts": ["CHEST"]},
                   "frames": 5}]}
                """));
    assertThat(json.questions()).isEqualTo(yaml.questions());
    assertThat(json.frames()).isEqualTo(3);
    assertThat(json.sha256()).isNotEqualTo(yaml.sha256());
    ProtocolQuestion question = yaml.questions().get(0);
    assertThat(question.choices()).extracting(Choice::text).containsExactly("yes", "no");
    assertThat(question.frames()).contains(5);
    assertThat(question.bodyParts()).containsExactly("CHEST");
  }

  @Test
  void theHashIsThatOfTheFile() throws IOException {
    Path file = write("p.yaml", "{name: n, version: '1', questions: [{id: a, text: b}]}");
    // printf "{name: n, version: '1', questions: [{id: a, text: b}]}" | sha256sum
    assertThat(reader.read(file).sha256())
        .isEqualTo("943dbe1dcab41155cfafb02eedff8a7daff215333ef9372d58df04628df07b9f");
  }

  @Test
  void anUnknownKeyIsNamedWithItsPlaceAndTheKnownOnes() throws IOException {
    Path file = write("p.yaml", "name: n\nversion: '1'\nquestions:\n  - id: a\n    txt: What?\n");
    assertThat(errorOf(file))
        .isEqualTo(
            file
                + ", line 5, column 10, key questions[0].txt: unknown key 'txt', expected appliesTo,"
                + " choices, code, frames, id, text."
                + ADVICE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {version: 1}                      | key version: another kind of value than expected: text (a number or yes and no as text want quotation marks).
          {frames: many}                    | key frames: another kind of value than expected: a whole number.
          {questions: {id: a}}              | key questions: another kind of value than expected: a list.
          {questions: [What]}               | key questions[0]: another kind of value than expected: keys with values.
          [What]                            | another kind of value than expected: keys with values.
          """)
  void aValueOfAnotherKindIsNamedWithTheKindExpected(String yaml, String error) throws IOException {
    assertThat(errorOf(write("p.yaml", yaml))).contains("line 1, column ").endsWith(error + ADVICE);
  }

  @Test
  void brokenSyntaxIsNamedWithItsPlace() throws IOException {
    Path json = write("p.json", "{\"name\": \"n\",\n \"version\" 1}");
    assertThat(errorOf(json)).startsWith(json + ", line 2, column").endsWith(ADVICE);
    Path yaml = write("p.yaml", "name: [unclosed\nversion: 1\n");
    assertThat(errorOf(yaml)).startsWith(yaml + ", line ").endsWith(ADVICE);
  }

  @Test
  void aKeyThatComesTwiceIsRefused() throws IOException {
    Path file = write("p.json", "{\"name\": \"a\", \"name\": \"b\"}");
    assertThat(errorOf(file)).contains("Duplicate field 'name'", "line 1");
  }

  @Test
  void aWrongValueIsNamedWithItsKey() throws IOException {
    Path file =
        write("p.yaml", "{name: n, version: '1', questions: [{id: a, text: b}, {id: a, text: c}]}");
    assertThat(errorOf(file))
        .isEqualTo(file + ": questions[1].id is 'a' again, expected a name of its own." + ADVICE);
    file =
        write(
            "p.yaml",
            "{name: n, version: '1', questions: [{id: a, text: b, choices: [{text: x}, {text: x}]}]}");
    assertThat(errorOf(file))
        .isEqualTo(
            file
                + ": questions[0].choices[1].text is 'x' again, expected different choices."
                + ADVICE);
    file = write("p.yaml", "{name: n, version: '1', frames: 1001, questions: [{id: a, text: b}]}");
    assertThat(errorOf(file)).isEqualTo(file + ": frames is 1001, expected 1 to 1000." + ADVICE);
  }

  @Test
  void anEmptyOrMissingOrHugeFileIsNamed() throws IOException {
    assertThat(errorOf(write("empty.yaml", ""))).contains("empty.yaml");
    assertThat(errorOf(write("null.yaml", "null"))).contains("the file is empty");
    Path missing = folder.resolve("missing.yaml");
    assertThat(errorOf(missing)).isEqualTo(missing + ": there is no such file. Check the path.");
    Path huge = write("huge.yaml", "#".repeat((1 << 20) + 1));
    assertThat(errorOf(huge))
        .isEqualTo(huge + ": 1048577 bytes, a protocol has at most 1048576. Name a protocol file.");
    assertThat(errorOf(folder)).isEqualTo(folder + ": it is a folder. Name a file.");
  }

  @Test
  void deeplyNestedContentIsRefusedWithoutExhaustingTheStack() throws IOException {
    assertThat(errorOf(write("deep.json", "[".repeat(500_000)))).contains("deep.json");
    assertThat(errorOf(write("deep.yaml", "[".repeat(500_000)))).contains("deep.yaml");
  }

  @Test
  void freeQuestionsFormAProtocolWhoseHashIsOfItsContent() {
    Protocol protocol = reader.adHoc(List.of(" Is it normal? ", "Where?"), 4);
    assertThat(protocol.name()).isEqualTo("questions");
    assertThat(protocol.version()).isEqualTo("1");
    assertThat(protocol.frames()).isEqualTo(4);
    assertThat(protocol.questions()).extracting(ProtocolQuestion::id).containsExactly("q1", "q2");
    assertThat(protocol.questions())
        .extracting(ProtocolQuestion::text)
        .containsExactly("Is it normal?", "Where?");
    assertThat(protocol.sha256())
        .isEqualTo(reader.adHoc(List.of("Is it normal?", "Where?"), 4).sha256());
    assertThat(protocol.sha256()).isNotEqualTo(reader.adHoc(List.of("Is it normal?"), 4).sha256());
    assertThat(protocol.sha256())
        .isNotEqualTo(reader.adHoc(List.of("Is it normal?", "Where?"), 3).sha256());
  }

  @Test
  void aBlankQuestionIsRefused() {
    assertThatExceptionOfType(AnnotationException.class)
        .isThrownBy(() -> reader.adHoc(List.of("What?", " "), 3))
        .withMessage("question 2: is blank. Write what is asked of the pictures.");
  }
}
