package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.imaging.Picture;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.Generation;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;
import org.llavamed.inference.Progress;
import org.llavamed.inference.Query;
import org.llavamed.inference.VisionLanguageModel;
import org.llavamed.model.internal.Runtimes;

/** The score of the embedded model's checkpoint on the test questions of VQA-RAD. */
final class VqaRadTest {
  private static final Path TEST = Cases.data().resolve("vqa-rad/testset.json");

  @TempDir Path scratch;

  /**
   * Shares of 1.
   *
   * @param closed closed questions whose answer contains the truth
   * @param open mean share of the truth's words that the answer to an open question has
   */
  private record Score(double closed, double open) {}

  @Test
  void theScoreStaysWithATowerInEightBits() throws IOException {
    boolean present = Files.exists(TEST) && Files.exists(Cases.checkpoint());
    if (!present) {
      System.out.println("SKIPPED: no VQA-RAD questions in " + TEST);
    }
    assumeTrue(present, "no VQA-RAD questions in " + TEST);
    Score whole = score("fp32", Precisions.FP32);
    assertThat(whole.closed()).isCloseTo(0.6324, within(0.0005));
    assertThat(whole.open()).isCloseTo(0.3295, within(0.0005));
    Precisions tower =
        new Precisions(Precision.INT8, Precision.FP32, Optional.empty(), Precision.INT8, 32);
    Score reduced = score("vision int8", tower);
    assertThat(reduced.closed()).isCloseTo(whole.closed(), within(0.01));
    assertThat(reduced.open()).isCloseTo(whole.open(), within(0.01));
  }

  private Score score(String name, Precisions precisions) throws IOException {
    Path folder = scratch.resolve(name);
    Imports.importer()
        .importCheckpoint(ImportRequest.of(Cases.checkpoint(), folder, precisions), Progress.NONE);
    Map<String, Picture> pictures = new HashMap<>();
    int closed = 0;
    int right = 0;
    int open = 0;
    double recall = 0;
    try (VisionLanguageModel model = Runtimes.runtime("auto").open(folder)) {
      for (JsonNode one : new ObjectMapper().readTree(TEST.toFile())) {
        String file = one.path("image_name").asText();
        String found = answer(model, pictures, file, one.path("question").asText());
        String truth = one.path("answer").asText().strip().toLowerCase(Locale.ROOT);
        if (one.path("answer_type").asText().strip().equals("CLOSED")) {
          closed++;
          right += found.contains(truth) ? 1 : 0;
        } else {
          open++;
          Set<String> words = new LinkedHashSet<>(List.of(truth.split("\\s+")));
          Set<String> answered = new LinkedHashSet<>(Arrays.asList(found.split("\\s+")));
          recall += words.stream().filter(answered::contains).count() / (double) words.size();
        }
      }
    }
    Score score = new Score((double) right / closed, recall / open);
    System.out.printf("VQA-RAD, %s: %s of %d closed, %d open%n", name, score, closed, open);
    return score;
  }

  private static String answer(
      VisionLanguageModel model, Map<String, Picture> pictures, String file, String question)
      throws IOException {
    Picture shown = pictures.get(file);
    if (shown == null) {
      shown = Cases.read(Cases.data().resolve("vqa-rad/images").resolve(file));
      pictures.put(file, shown);
    }
    try (EncodedPicture picture = model.encode(shown)) {
      Query query = Query.open(question, Generation.GREEDY.withMaxNewTokens(64));
      return picture.answer(query, text -> {}).text().strip().toLowerCase(Locale.ROOT);
    }
  }
}
