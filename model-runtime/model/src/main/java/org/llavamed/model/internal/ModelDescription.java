package org.llavamed.model.internal;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.llavamed.inference.ModelException;

/**
 * What llavamed.json states about a model folder.
 *
 * @param format version of this file's form
 * @param name of the model
 * @param version of the model
 * @param architecture {@code llava}, or {@code text} for a language model without vision tower
 * @param precision {@code fp32}, {@code fp16}, {@code int8}, {@code int4}
 * @param template name of the conversation template
 * @param pictureMode {@code square} or {@code pad}; of text models {@code none}
 * @param preparation the preparation of pictures in one word; of text models {@code none}
 * @param imageSide edge of a prepared picture, in pixels; of text models 0
 * @param imageTokens positions that a picture takes in the prompt; of text models 0
 * @param imageTokenId token that holds a picture's position; of text models 0, without a meaning.
 *     It may lie behind the vocabulary, then the embedding table reaches to it
 * @param imageToken its text; where absent {@code <image>}
 * @param imageStart token before a picture's positions; where absent none
 * @param imageEnd token behind them; where absent none
 * @param hiddenSize length of an embedding
 * @param vocabulary number of tokens
 * @param layers decoder layers
 * @param kvHeads key-value heads of a layer
 * @param headSize length of a key
 * @param context most positions of prompt and answer
 * @param bosTokenId token that starts every prompt
 * @param eosTokenIds tokens that end an answer, the one used in training first
 * @param licence of the weights
 * @param source where the weights came from
 * @param files sha256 of every other file of the folder, by its path with slashes
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record ModelDescription(
    int format,
    String name,
    String version,
    String architecture,
    String precision,
    String template,
    String pictureMode,
    String preparation,
    int imageSide,
    int imageTokens,
    int imageTokenId,
    String imageToken,
    String imageStart,
    String imageEnd,
    int hiddenSize,
    int vocabulary,
    int layers,
    int kvHeads,
    int headSize,
    int context,
    int bosTokenId,
    List<Integer> eosTokenIds,
    String licence,
    String source,
    Map<String, String> files) {
  /** The form that this runtime reads. */
  static final int FORMAT = 1;

  /** What stands where a key is absent that only some models need. */
  static final Map<String, String> ABSENT =
      Map.of("imageToken", "<image>", "imageStart", "", "imageEnd", "");

  private static final int MOST = 1 << 24;
  private static final int MOST_BEHIND = 64;
  private static final String LLAVA = "llava";
  private static final String TEXT = "text";

  ModelDescription {
    expectNoNull("eosTokenIds", eosTokenIds, "tokens");
    expectNoNull("files", files.values(), "a sha256 for each file");
    eosTokenIds = List.copyOf(eosTokenIds);
    files = Map.copyOf(files);
    if (!architecture.equals(LLAVA) && !architecture.equals(TEXT)) {
      throw new IllegalArgumentException(
          "architecture is '%s', expected %s or %s".formatted(architecture, LLAVA, TEXT));
    }
    int least = architecture.equals(LLAVA) ? 1 : 0;
    within("imageSide", imageSide, least, 4096 * least);
    within("imageTokens", imageTokens, least, (1 << 16) * least);
    within("hiddenSize", hiddenSize, 1, 1 << 20);
    within("vocabulary", vocabulary, 1, MOST);
    within("layers", layers, 1, 4096);
    within("kvHeads", kvHeads, 1, 4096);
    within("headSize", headSize, 1, 4096);
    within("context", context, imageTokens + 1, MOST);
    within("imageTokenId", imageTokenId, 0, vocabulary - 1 + MOST_BEHIND);
    within("bosTokenId", bosTokenId, 0, vocabulary - 1);
    if (eosTokenIds.isEmpty()) {
      throw new IllegalArgumentException("eosTokenIds is empty, expected at least one token");
    }
    for (int id : eosTokenIds) {
      within("eosTokenIds", id, 0, vocabulary - 1);
    }
  }

  /** Returns whether the model looks at pictures. */
  boolean seesPictures() {
    return architecture.equals(LLAVA);
  }

  /** Returns how many tokens the embedding table has: the vocabulary and the picture's. */
  int embeddingRows() {
    return seesPictures() ? Math.max(vocabulary, imageTokenId + 1) : vocabulary;
  }

  /** Returns whether a token holds a picture's position. */
  boolean isPicture(int token) {
    return token == imageTokenId && seesPictures();
  }

  /**
   * A prompt and its answer take too many positions.
   *
   * @param needed positions
   * @param positions that there are: the context's, or fewer where the configuration says so
   */
  ModelException overflow(int needed, int positions) {
    return needed > context
        ? ModelException.contextOverflow(needed, context)
        : ModelException.invalid(
            "mostPositions",
            "is %d, the prompt and its answer need %d positions".formatted(positions, needed),
            "Shorten the question, or set it higher in conf/org.llavamed.model.cfg, up to the"
                + " model's context of %d".formatted(context));
  }

  /** Returns the paths of the files, sorted. */
  Map<String, String> sortedFiles() {
    return new TreeMap<>(files);
  }

  private static void expectNoNull(String key, Collection<?> values, String expected) {
    if (values.stream().anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException("%s holds null, expected %s".formatted(key, expected));
    }
  }

  private static void within(String key, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s is %d, expected %d to %d".formatted(key, value, least, most));
    }
  }
}
