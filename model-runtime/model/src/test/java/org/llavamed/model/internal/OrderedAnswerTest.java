package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llavamed.inference.Answer;
import org.llavamed.inference.Answer.StopReason;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.Generation;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Query;

/** Answers of the embedded model that obey a JSON schema, are drawn, or end at a text. */
class OrderedAnswerTest {
  private static final String SCHEMA =
      """
      {"type":"object","properties":{
         "modality":{"enum":["CT","MR","US"]},
         "normal":{"type":"boolean"},
         "note":{"type":"string","maxLength":20}},
       "required":["modality","normal"]}
      """;

  private static final Generation DRAWN = Generation.GREEDY.withSampling(1.2, 50, 0.95, 1);

  private static LlavaModel model;
  private static EncodedPicture picture;

  @BeforeAll
  static void open() {
    model = TinyVqa.open();
    picture = model.encode(TinyVqa.rings(64, 20));
  }

  @AfterAll
  static void close() {
    picture.close();
    model.close();
  }

  private static Query ordered(Generation generation) {
    return new Query("What is it?", List.of(), SCHEMA, generation);
  }

  private static void expectObeyed(Answer answer) {
    JsonSchema schema = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(SCHEMA);
    assertThat(schema.validate(answer.text(), InputFormat.JSON)).as(answer.text()).isEmpty();
  }

  @Test
  void anAnswerObeysTheSchemaGreedyOrDrawn() {
    Answer greedy = picture.answer(ordered(Generation.GREEDY), text -> {});
    expectObeyed(greedy);
    assertThat(greedy.stop()).isEqualTo(StopReason.END_OF_SEQUENCE);
    assertThat(greedy.logProbabilities()).hasSameSizeAs(greedy.tokens());
    for (int seed = 0; seed < 10; seed++) {
      Generation drawn = DRAWN.withSampling(2, 0, 1, seed);
      expectObeyed(picture.answer(ordered(drawn), text -> {}));
    }
  }

  @Test
  void anAnswerIsWholeJsonWhereTheTokensRunLow() {
    for (int tokens = 40; tokens < 50; tokens++) {
      Generation generation = DRAWN.withSampling(3, 0, 1, tokens).withMaxNewTokens(tokens);
      Answer answer = picture.answer(ordered(generation), text -> {});
      expectObeyed(answer);
      assertThat(answer.tokens()).hasSizeLessThanOrEqualTo(tokens);
    }
  }

  @Test
  void aSchemaThatCannotBeObeyedIsNamedBeforeTheModelReads() {
    Query query = new Query("What?", List.of(), "{\"$ref\":\"#\"}", Generation.GREEDY);
    assertThatThrownBy(() -> picture.answer(query, text -> {}))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("JSON schema: '$ref' is not supported here.");
  }

  @Test
  void aSeedGivesTheSameAnswerAloneAndAmongOthers() {
    List<Query> queries = new ArrayList<>();
    for (int seed = 0; seed < 6; seed++) {
      Generation drawn = DRAWN.withSampling(1.5, 0, 0.99, seed).withMaxNewTokens(12);
      queries.add(
          seed % 2 == 0 ? Query.open("What is it?", drawn) : ordered(drawn.withMaxNewTokens(60)));
    }
    List<Answer> alone = queries.stream().map(query -> picture.answer(query, text -> {})).toList();
    List<CompletableFuture<Answer>> futures =
        queries.stream().map(query -> picture.ask(query, new Pieces(Long.MAX_VALUE))).toList();
    for (int i = 0; i < futures.size(); i++) {
      Answer among = futures.get(i).join();
      assertThat(among.text()).isEqualTo(alone.get(i).text());
      assertThat(among.tokens()).isEqualTo(alone.get(i).tokens());
    }
    assertThat(alone.stream().map(Answer::text).distinct()).hasSizeGreaterThan(3);
  }

  @Test
  void aStopTextEndsTheAnswerAndIsLeftOut() {
    Answer whole = picture.answer(Query.open("What is it?"), text -> {});
    assertThat(whole.text()).hasSizeGreaterThan(2);
    String stop = whole.text().substring(1);
    StringBuilder pieces = new StringBuilder();
    Query query = Query.open("What is it?", Generation.GREEDY.withStopTexts(List.of(stop)));
    Answer cut = picture.answer(query, pieces::append);
    assertThat(cut.stop()).isEqualTo(StopReason.STOP_TEXT);
    assertThat(cut.text()).isEqualTo(whole.text().substring(0, 1)).isEqualTo(pieces.toString());
  }
}
