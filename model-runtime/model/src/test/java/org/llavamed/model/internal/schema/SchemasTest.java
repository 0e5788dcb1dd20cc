package org.llavamed.model.internal.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavamed.inference.ModelException;
import org.llavamed.preprocess.Vocabulary;

class SchemasTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonSchemaFactory VALIDATOR =
      JsonSchemaFactory.getInstance(VersionFlag.V202012);
  private static final int PLENTY = 100_000;

  @TempDir Path folder;

  /** A text, and whether its constraint is complete. */
  private record Written(String text, int tokens, boolean complete) {}

  private static FloatBuffer random(SplittableRandom random, int size) {
    FloatBuffer logits = FloatBuffer.allocate(size);
    for (int i = 0; i < size; i++) {
      logits.put(i, (float) random.nextDouble());
    }
    return logits;
  }

  private static int argmax(FloatBuffer logits) {
    int best = 0;
    for (int i = 1; i < logits.capacity(); i++) {
      best = logits.get(i) > logits.get(best) ? i : best;
    }
    return best;
  }

  private static List<Integer> allowed(Constraint constraint, int size) {
    FloatBuffer logits = FloatBuffer.allocate(size);
    constraint.mask(logits);
    List<Integer> allowed = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      if (logits.get(i) == 0) {
        allowed.add(i);
      }
    }
    return allowed;
  }

  /** Writes the likeliest of the allowed tokens, the end token where it is the only one. */
  private static Written write(
      Constraint constraint, Vocabulary vocabulary, int budget, SplittableRandom random)
      throws CharacterCodingException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int size = vocabulary.size() + 3;
    int count = 0;
    while (count < budget) {
      FloatBuffer logits = random(random, size);
      constraint.mask(logits);
      int token = argmax(logits);
      constraint.accept(token);
      if (token == end(vocabulary)) {
        break;
      }
      count++;
      bytes.writeBytes(vocabulary.bytes(token));
    }
    String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
    return new Written(text, count, constraint.complete());
  }

  /** The end token: 2 of the shipped model, 0 of the others. */
  private static int end(Vocabulary vocabulary) {
    return new String(vocabulary.bytes(0), UTF_8).equals("</s>") ? 0 : 2;
  }

  private static Schemas schemas(Vocabulary vocabulary) {
    return new Schemas(vocabulary, List.of(end(vocabulary)));
  }

  private static void expectValid(String schema, String text) throws IOException {
    JsonSchema validator = VALIDATOR.getSchema(schema);
    assertThat(validator.validate(text, InputFormat.JSON)).isEmpty();
    assertThat(MAPPER.readTree(text)).isNotNull();
  }

  @ParameterizedTest
  @EnumSource(Vocabularies.class)
  void anyAnswerIsJsonThatObeysTheSchemaWithinItsTokens(Vocabularies kind) throws IOException {
    Vocabulary vocabulary = kind.open(folder);
    Schemas schemas = schemas(vocabulary);
    SplittableRandom random = new SplittableRandom(53);
    RandomSchema generator = new RandomSchema(random);
    for (int round = 0; round < 150; round++) {
      String schema = generator.schema(3).toString();
      int least = new Grammar(SchemaParser.parse(schema), trie(vocabulary)).start().closing();
      int budget = least + random.nextInt(60);
      Constraint constraint = schemas.constraint(schema, budget);
      Written written = write(constraint, vocabulary, budget, random);
      String what = "round %d, %d tokens: %s as %s".formatted(round, budget, schema, written);
      assertThat(written.complete()).as(what).isTrue();
      assertThat(written.tokens()).as(what).isLessThanOrEqualTo(budget);
      expectValid(schema, written.text());
    }
  }

  private static TokenTrie trie(Vocabulary vocabulary) {
    return new TokenTrie(vocabulary, List.of(end(vocabulary)));
  }

  @ParameterizedTest
  @EnumSource(Vocabularies.class)
  void everyValueThatObeysTheSchemaMayBeWrittenInAnyTokens(Vocabularies kind) throws IOException {
    Vocabulary vocabulary = kind.open(folder);
    Schemas schemas = schemas(vocabulary);
    SplittableRandom random = new SplittableRandom(59);
    RandomSchema generator = new RandomSchema(random);
    for (int round = 0; round < 150; round++) {
      ObjectNode schema = generator.schema(3);
      String value = (random.nextBoolean() ? " " : "") + generator.value(schema);
      expectValid(schema.toString(), value);
      Constraint constraint = schemas.constraint(schema.toString(), PLENTY);
      byte[] bytes = value.getBytes(UTF_8);
      int from = 0;
      while (from < bytes.length) {
        int token = anyTokenOf(vocabulary, bytes, from, random);
        assertThat(allowed(constraint, vocabulary.size()))
            .as("round %d: %s, at byte %d of %s", round, schema, from, value)
            .contains(token);
        constraint.accept(token);
        from += vocabulary.bytes(token).length;
      }
      assertThat(constraint.complete()).isTrue();
      assertThat(allowed(constraint, vocabulary.size())).contains(end(vocabulary));
    }
  }

  private static int anyTokenOf(
      Vocabulary vocabulary, byte[] bytes, int from, SplittableRandom random) {
    List<Integer> fitting = new ArrayList<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      byte[] token = vocabulary.bytes(id);
      int to = from + token.length;
      if (!vocabulary.special(id)
          && token.length > 0
          && to <= bytes.length
          && ByteBuffer.wrap(token).equals(ByteBuffer.wrap(bytes, from, token.length))) {
        fitting.add(id);
      }
    }
    return fitting.get(random.nextInt(fitting.size()));
  }

  @ParameterizedTest
  @EnumSource(Vocabularies.class)
  void theAllowedTokensAreThoseThatEachByItselfMayComeNext(Vocabularies kind) throws IOException {
    Vocabulary vocabulary = kind.open(folder);
    Grammar grammar =
        new Grammar(
            SchemaParser.parse(
                """
                {"type":"object","properties":{"a":{"type":"string","minLength":2,"maxLength":9},
                  "b":{"type":"array","items":{"type":["number","null"]}}},"required":["a"]}
                """),
            trie(vocabulary));
    SplittableRandom random = new SplittableRandom(61);
    State state = grammar.start();
    while (!state.complete()) {
      List<Integer> allowed = grammar.allowed(state).tokens().stream().boxed().toList();
      List<Integer> each = new ArrayList<>();
      for (int id = 0; id < vocabulary.size(); id++) {
        if (!vocabulary.special(id) && mayFollow(state, vocabulary.bytes(id))) {
          each.add(id);
        }
      }
      assertThat(allowed).isEqualTo(each).isNotEmpty();
      state = Grammar.after(state, vocabulary.bytes(allowed.get(random.nextInt(allowed.size()))));
    }
  }

  private static boolean mayFollow(State state, byte[] bytes) {
    State after = state;
    for (byte next : bytes) {
      State one = after.step(next & 0xFF);
      if (one == null) {
        return false;
      }
      after = one;
    }
    return true;
  }

  @ParameterizedTest
  @EnumSource(Vocabularies.class)
  void someTokenAlwaysBringsTheEndNearer(Vocabularies kind) throws IOException {
    Vocabulary vocabulary = kind.open(folder);
    SplittableRandom random = new SplittableRandom(67);
    RandomSchema generator = new RandomSchema(random);
    for (int round = 0; round < 60; round++) {
      String schema = generator.schema(3).toString();
      Grammar grammar = new Grammar(SchemaParser.parse(schema), trie(vocabulary));
      State state = grammar.start();
      for (int i = 0; i < 40 && state.closing() > 0; i++) {
        State from = state;
        List<Integer> nearer =
            grammar.closing(state, state.closing() - 1).stream()
                .boxed()
                .filter(id -> Grammar.after(from, vocabulary.bytes(id)).closing() < from.closing())
                .toList();
        assertThat(nearer).as("round %d: %s", round, schema).isNotEmpty();
        List<Integer> all = grammar.allowed(state).tokens().stream().boxed().toList();
        state = Grammar.after(state, vocabulary.bytes(all.get(random.nextInt(all.size()))));
      }
    }
  }

  @Test
  void everyValueOfAnEnumIsReached() throws IOException {
    Vocabulary vocabulary = Vocabularies.TINY_VQA.open(folder);
    Schemas schemas = schemas(vocabulary);
    SplittableRandom random = new SplittableRandom(71);
    Set<String> values = new HashSet<>();
    for (int round = 0; round < 400; round++) {
      Constraint constraint =
          schemas.constraint("{\"enum\":[1,12,\"a\",\"ab\",true,null,\"\\\"\"]}", 9);
      values.add(write(constraint, vocabulary, 9, random).text().strip());
    }
    assertThat(values)
        .containsExactlyInAnyOrder("1", "12", "\"a\"", "\"ab\"", "true", "null", "\"\\\"\"");
  }

  @Test
  void stringsEndAtTheLatestAtTheirDefaultLength() throws IOException {
    Vocabulary vocabulary = Vocabularies.BYTE_LEVEL.open(folder);
    SplittableRandom random = new SplittableRandom(73);
    Set<Integer> lengths = new HashSet<>();
    for (int round = 0; round < 20; round++) {
      Constraint constraint = schemas(vocabulary).constraint("{\"type\":\"string\"}", PLENTY);
      String text = write(constraint, vocabulary, PLENTY, random).text();
      String value = MAPPER.readTree(text).asText();
      lengths.add(value.codePointCount(0, value.length()));
    }
    assertThat(lengths).allMatch(length -> length <= 256).hasSizeGreaterThan(1);
  }

  @Test
  void whereEvenTheShortestAnswerMayNotFitItIsCutAsLateAsPossible() throws IOException {
    Vocabulary vocabulary = Vocabularies.BYTE_LEVEL.open(folder);
    SplittableRandom random = new SplittableRandom(79);
    String schema =
        "{\"type\":\"object\",\"properties\":{\"q\":{\"type\":\"string\"}},\"required\":[\"q\"]}";
    for (int round = 0; round < 30; round++) {
      Constraint constraint = schemas(vocabulary).constraint(schema, 3);
      Written written = write(constraint, vocabulary, 3, random);
      assertThat(written.text()).matches("\\{\"q\": ?\"?.*");
    }
  }

  @Test
  void theEndTokenIsAllowedWhereTheValueIsCompleteAndOnlyThere() throws IOException {
    Vocabulary vocabulary = Vocabularies.BYTE_LEVEL.open(folder);
    Constraint constraint =
        schemas(vocabulary).constraint("{\"type\":\"integer\",\"maximum\":12}", PLENTY);
    assertThat(constraint.complete()).isFalse();
    assertThat(allowed(constraint, vocabulary.size())).doesNotContain(0);
    assertThatThrownBy(() -> constraint.accept(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("token 0 ends an answer that is not complete");
    assertThatThrownBy(() -> constraint.accept(id(vocabulary, "}")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("byte 125 of the token's 1 may not come next");
    constraint.accept(id(vocabulary, "1"));
    assertThat(constraint.complete()).isTrue();
    assertThat(allowed(constraint, vocabulary.size()))
        .containsExactlyInAnyOrder(
            0, id(vocabulary, "0"), id(vocabulary, "1"), id(vocabulary, "2"));
    constraint.accept(0);
    assertThat(constraint.complete()).isTrue();
  }

  private static int id(Vocabulary vocabulary, String text) {
    int id = 1;
    while (!new String(vocabulary.bytes(id), UTF_8).equals(text)) {
      id++;
    }
    return id;
  }

  @Test
  void whatTheVocabularyCannotWriteIsNamed() throws IOException {
    Schemas schemas = schemas(Vocabularies.only(folder, "\"", "a", "b", "1", "tru", "e", "[", "]"));
    assertThat(schemas.constraint("{\"enum\":[\"ab\",true]}", 9).complete()).isFalse();
    assertThatThrownBy(() -> schemas.constraint("{\"enum\":[\"a\",\"c\"]}", 9))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "JSON schema: the model's vocabulary has no tokens that write \"c\". Use another model,"
                + " or ask without a schema.");
    assertThatThrownBy(() -> schemas.constraint("{\"type\":\"integer\"}", 9))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "JSON schema: the model's vocabulary has no tokens that write one of the marks {}[]:,\""
                + " or a digit. Use another model, or ask without a schema.");
  }

  @Test
  void escapesAreNotBegunWhereTheVocabularyCannotEndThem() throws IOException {
    Vocabulary vocabulary = Vocabularies.only(folder, "\"", "a", "\\", "u", "n");
    Constraint constraint = schemas(vocabulary).constraint("{\"type\":\"string\"}", PLENTY);
    constraint.accept(id(vocabulary, "\""));
    constraint.accept(id(vocabulary, "\\"));
    assertThat(allowed(constraint, vocabulary.size()))
        .containsExactlyInAnyOrder(id(vocabulary, "\""), id(vocabulary, "\\"), id(vocabulary, "n"));
  }

  @Test
  void anAnswerOfTheShippedModelsTokensIsWhatTheSchemaOrders() throws IOException {
    Vocabulary vocabulary = Vocabularies.TINY_VQA.open(folder);
    String schema =
        """
        {"type":"object","properties":{
           "modality":{"enum":["CT","MR","US"]},
           "normal":{"type":"boolean"},
           "slices":{"type":"integer","minimum":1,"maximum":20},
           "note":{"type":"string","maxLength":12}},
         "required":["modality","normal"]}
        """;
    SplittableRandom random = new SplittableRandom(83);
    for (int round = 0; round < 30; round++) {
      Written written = write(schemas(vocabulary).constraint(schema, 64), vocabulary, 64, random);
      JsonNode value = MAPPER.readTree(written.text());
      assertThat(value.fieldNames().next()).isEqualTo("modality");
      expectValid(schema, written.text());
    }
  }
}
