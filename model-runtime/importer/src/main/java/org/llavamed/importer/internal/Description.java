package org.llavamed.importer.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.llavamed.checkpoint.Json;
import org.llavamed.checkpoint.LlavaConfig;
import org.llavamed.checkpoint.SpecialTokens;
import org.llavamed.checkpoint.TextConfig;
import org.llavamed.checkpoint.VisionConfig;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;

/**
 * All that a model folder says beside its graphs.
 *
 * @param source the checkpoint
 * @param info name, version, licence, source
 * @param precisions of the weights
 */
record Description(Source source, ModelInfo info, Precisions precisions) {
  private static final String PROCESSOR = "LlavaProcessor";
  private static final String CARD = "llavamed.json";
  private static final String CONFIG = "config.json";
  private static final String PREPROCESSOR = "preprocessor_config.json";
  private static final String TOKENIZER = "tokenizer_config.json";
  private static final String GENERATION = "generation_config.json";
  private static final String NONE = "none";
  private static final List<String> COPIED =
      List.of(
          TOKENIZER,
          GENERATION,
          "special_tokens_map.json",
          "chat_template.jinja",
          "chat_template.json");

  /**
   * Describes a checkpoint. Whatever the runtime would refuse is found here, before any weights are
   * written.
   *
   * @throws ModelException if its pictures are prepared in a way that is not supported, its
   *     tokenizer cannot be read, a token that ends answers is none, or a picture does not fit the
   *     context
   */
  static Description of(Source source, Precisions precisions) {
    Description description = new Description(source, ModelInfo.of(source.folder()), precisions);
    new Requirements(source).check(description);
    return description;
  }

  /**
   * Writes the configuration files and, with the hash of every file, llavamed.json.
   *
   * @param known hashes of files that lie there already, by their paths
   */
  void write(Path folder, Map<String, String> known, Work work) throws IOException {
    for (String name : COPIED) {
      if (Files.isRegularFile(source.folder().resolve(name))) {
        Files.copy(source.folder().resolve(name), folder.resolve(name));
      }
    }
    if (!Files.exists(folder.resolve(TOKENIZER))) {
      Json.write(
          folder.resolve(TOKENIZER),
          Json.object().put("tokenizer_class", "PreTrainedTokenizerFast"));
    }
    source.tokenizer().write(folder);
    Json.write(folder.resolve(CONFIG), configuration());
    if (source.settings().pictures().isPresent()) {
      Source.Pictures pictures = source.settings().pictures().get();
      ObjectNode preprocessor = pictures.preprocessor().deepCopy();
      Json.write(folder.resolve(PREPROCESSOR), preprocessor.put("processor_class", PROCESSOR));
      Json.write(folder.resolve("processor_config.json"), processor(pictures));
    }
    ObjectNode card = card();
    ObjectNode files = card.putObject("files");
    for (Map.Entry<String, Path> file : filesOf(folder).entrySet()) {
      work.at("hash of " + file.getKey());
      String hash = known.get(file.getKey());
      files.put(file.getKey(), hash == null ? sha256(file.getValue()) : hash);
    }
    Json.write(folder.resolve(CARD), card);
  }

  /**
   * Adds what the self-check found to llavamed.json. The identity is that of the object before, as
   * the check does not find the same on every machine.
   */
  ModelCard seal(Path folder, ObjectNode selfCheck) throws IOException {
    ObjectNode card = Json.object(folder.resolve(CARD));
    byte[] identified = card.toString().getBytes(StandardCharsets.UTF_8);
    card.set("selfCheck", selfCheck);
    Json.write(folder.resolve(CARD), card);
    return new ModelCard(
        info.name(),
        info.version(),
        HexFormat.of().formatHex(Weights.sha256().digest(identified)),
        precisionName(),
        source.template(),
        preparation(),
        info.licence(),
        info.source());
  }

  /** Returns the tokens that frame prompts and answers. */
  SpecialTokens tokens() {
    Path generation = source.folder().resolve(GENERATION);
    ObjectNode generated =
        Files.isRegularFile(generation) ? Json.object(generation) : Json.object();
    return SpecialTokens.of(generated, source.settings().configuration()).with(source.tokenizer());
  }

  private ObjectNode card() {
    SpecialTokens tokens = tokens();
    TextConfig text = source.text();
    ObjectNode card = Json.object();
    card.put("format", 1);
    card.put("name", info.name());
    card.put("version", info.version());
    card.put("architecture", source.llava().isPresent() ? "llava" : "text");
    card.put("precision", precisionName());
    putPrecisions(card);
    card.put("template", source.template());
    card.put("pictureMode", pictureMode());
    card.put("preparation", preparation());
    putPictures(card);
    card.put("hiddenSize", text.hidden());
    card.put("vocabulary", text.vocabulary());
    card.put("layers", text.layers());
    card.put("kvHeads", text.kvHeads());
    card.put("headSize", text.headSize());
    card.put("context", text.context());
    card.put("bosTokenId", tokens.begin());
    ArrayNode ends = card.putArray("eosTokenIds");
    tokens.ends().forEach(ends::add);
    card.put("licence", info.licence());
    card.put("source", info.source());
    return card;
  }

  /** Where a picture is not written as {@code <image>} alone, how it is written. */
  private void putPictures(ObjectNode card) {
    card.put("imageSide", source.llava().map(llava -> llava.vision().side()).orElse(0));
    card.put("imageTokens", source.llava().map(llava -> llava.vision().tokens()).orElse(0));
    card.put("imageTokenId", source.llava().map(LlavaConfig::imageTokenId).orElse(0));
    Optional<PictureMarks> marks = source.settings().pictures().map(Source.Pictures::marks);
    marks
        .map(PictureMarks::picture)
        .filter(picture -> !picture.equals(PictureMarks.IMAGE))
        .ifPresent(picture -> card.put("imageToken", picture));
    marks
        .filter(mark -> !mark.start().isEmpty())
        .ifPresent(mark -> card.put("imageStart", mark.start()).put("imageEnd", mark.end()));
  }

  /** config.json with what transformers.js has to know: weights lie beside the graphs, and how. */
  private ObjectNode configuration() {
    ObjectNode configuration = source.settings().configuration().deepCopy();
    ObjectNode js = configuration.putObject("transformers.js_config");
    js.put("use_external_data_format", true);
    ObjectNode types = js.putObject("dtype");
    if (source.llava().isPresent()) {
      types.put("vision_encoder", Suffix.dtype(precisions.vision()));
    }
    types.put("embed_tokens", Suffix.dtype(Precision.FP32));
    types.put("decoder_model_merged", Suffix.dtype(precisions.decoder()));
    if (precisions.decoder() == Precision.FP16) {
      js.putObject("kv_cache_dtype").put("fp16", "float16");
    }
    return configuration;
  }

  /**
   * What the LlavaProcessor of transformers and of transformers.js wants. Both count patches plus
   * additional tokens; only the former takes one off for the strategy "default". So the strategy is
   * "full" here and the class token is counted where it is kept.
   */
  private static ObjectNode processor(Source.Pictures pictures) {
    VisionConfig vision = pictures.llava().vision();
    ObjectNode processor = Json.object();
    processor.put("processor_class", PROCESSOR);
    processor.put("image_token", pictures.marks().picture());
    processor.put("patch_size", vision.patch());
    processor.put("num_additional_image_tokens", vision.keepsClass() ? 1 : 0);
    processor.put("vision_feature_select_strategy", "full");
    return processor;
  }

  /** Returns how a picture becomes a square. */
  String pictureMode() {
    return source.llava().map(llava -> llava.padded() ? "pad" : "square").orElse(NONE);
  }

  private String preparation() {
    return source
        .llava()
        .map(llava -> "clip-%s-%d-bicubic".formatted(pictureMode(), llava.vision().side()))
        .orElse(NONE);
  }

  private String precisionName() {
    return name(precisions.decoder());
  }

  /** Returns a precision as it is spelt outside. */
  static String name(Precision precision) {
    return precision.name().toLowerCase(Locale.ROOT);
  }

  /** Returns the precision of every decoder graph. */
  List<Precision> decoders() {
    return Stream.concat(precisions.prefill().stream(), Stream.of(precisions.decoder())).toList();
  }

  /** What the decoder's precision alone does not say; nothing where all is float32. */
  private void putPrecisions(ObjectNode card) {
    if (precisions.equals(Precisions.FP32)) {
      return;
    }
    ObjectNode parts = card.putObject("precisions");
    if (source.llava().isPresent()) {
      parts.put("vision", name(precisions.vision()));
    }
    parts.put("decoder", name(precisions.decoder()));
    precisions.prefill().ifPresent(prefill -> parts.put("prefill", name(prefill)));
    if (decoders().contains(Precision.INT4)) {
      parts.put("lmHead", name(precisions.lmHead()));
      parts.put("block", precisions.block());
    }
  }

  private static TreeMap<String, Path> filesOf(Path folder) throws IOException {
    TreeMap<String, Path> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(Files::isRegularFile)
          .forEach(file -> files.put(folder.relativize(file).toString().replace('\\', '/'), file));
    }
    return files;
  }

  private static String sha256(Path file) throws IOException {
    return HexFormat.of().formatHex(Weights.sha256().digest(Files.readAllBytes(file)));
  }
}
