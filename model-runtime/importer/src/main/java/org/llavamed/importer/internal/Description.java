package org.llavamed.importer.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;

/**
 * All that a model folder says beside its graphs.
 *
 * @param checkpoint folder of the checkpoint
 * @param config what its config.json says
 * @param info name, version, licence, source
 * @param template name of the conversation template
 * @param precisions of the weights
 */
record Description(
    Path checkpoint, LlavaConfig config, ModelInfo info, String template, Precisions precisions) {
  private static final String PROCESSOR = "LlavaProcessor";
  private static final String CARD = "llavamed.json";
  private static final String CONFIG = "config.json";
  private static final String PREPROCESSOR = "preprocessor_config.json";
  private static final List<String> REQUIRED =
      List.of(CONFIG, PREPROCESSOR, "tokenizer.json", "tokenizer_config.json");
  private static final List<String> COPIED =
      List.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "generation_config.json",
          "special_tokens_map.json",
          "chat_template.jinja");

  /**
   * Reads a checkpoint's configuration.
   *
   * @throws ModelException if a file is missing, or describes what is not supported
   */
  static Description read(Path checkpoint, Precisions precisions) {
    for (String name : REQUIRED) {
      if (!Files.isRegularFile(checkpoint.resolve(name))) {
        throw missing(checkpoint, name);
      }
    }
    Path file = checkpoint.resolve(CONFIG);
    LlavaConfig config = LlavaConfig.read(file);
    checkPreparation(checkpoint.resolve(PREPROCESSOR), config);
    String template = ChatTemplate.of(checkpoint, new ConfigReader(file, "", Json.object(file)));
    return new Description(checkpoint, config, ModelInfo.of(checkpoint), template, precisions);
  }

  /** Writes the configuration files and, with the hash of every file, llavamed.json. */
  ModelCard write(Path folder, Work work) throws IOException {
    for (String name : COPIED) {
      if (Files.isRegularFile(checkpoint.resolve(name))) {
        Files.copy(checkpoint.resolve(name), folder.resolve(name));
      }
    }
    Json.write(folder.resolve(CONFIG), configuration());
    ObjectNode preprocessor = Json.object(checkpoint.resolve(PREPROCESSOR));
    Json.write(folder.resolve(PREPROCESSOR), preprocessor.put("processor_class", PROCESSOR));
    Json.write(folder.resolve("processor_config.json"), processor());
    ObjectNode card = card();
    ObjectNode files = card.putObject("files");
    for (Map.Entry<String, Path> file : filesOf(folder).entrySet()) {
      work.at("hash of " + file.getKey());
      files.put(file.getKey(), sha256(file.getValue()));
    }
    Json.write(folder.resolve(CARD), card);
    return new ModelCard(
        info.name(),
        info.version(),
        sha256(folder.resolve(CARD)),
        precisionName(),
        template,
        preparation(),
        info.licence(),
        info.source());
  }

  private ObjectNode card() {
    Path generation = checkpoint.resolve("generation_config.json");
    ObjectNode generated =
        Files.isRegularFile(generation) ? Json.object(generation) : Json.object();
    ObjectNode configured = Json.object(checkpoint.resolve(CONFIG));
    TextConfig text = config.text();
    ObjectNode card = Json.object();
    card.put("format", 1);
    card.put("name", info.name());
    card.put("version", info.version());
    card.put("architecture", "llava");
    card.put("precision", precisionName());
    putPrecisions(card);
    card.put("template", template);
    card.put("pictureMode", pictureMode());
    card.put("preparation", preparation());
    card.put("imageSide", config.vision().side());
    card.put("imageTokens", config.vision().tokens());
    card.put("imageTokenId", config.imageTokenId());
    card.put("hiddenSize", text.hidden());
    card.put("vocabulary", text.vocabulary());
    card.put("layers", text.layers());
    card.put("kvHeads", text.kvHeads());
    card.put("headSize", text.headSize());
    card.put("context", text.context());
    card.put("bosTokenId", LlavaConfig.beginToken(generated, configured));
    ArrayNode ends = card.putArray("eosTokenIds");
    LlavaConfig.endTokens(generated, configured).forEach(ends::add);
    card.put("licence", info.licence());
    card.put("source", info.source());
    return card;
  }

  /** config.json with what transformers.js has to know: weights lie beside the graphs, and how. */
  private ObjectNode configuration() {
    ObjectNode configuration = Json.object(checkpoint.resolve(CONFIG));
    ObjectNode js = configuration.putObject("transformers.js_config");
    js.put("use_external_data_format", true);
    ObjectNode types = js.putObject("dtype");
    types.put("vision_encoder", Suffix.dtype(precisions.vision()));
    types.put("embed_tokens", Suffix.dtype(embeddings()));
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
  private ObjectNode processor() {
    ObjectNode processor = Json.object();
    processor.put("processor_class", PROCESSOR);
    processor.put("image_token", imageToken());
    processor.put("patch_size", config.vision().patch());
    processor.put("num_additional_image_tokens", config.vision().keepsClass() ? 1 : 0);
    processor.put("vision_feature_select_strategy", "full");
    return processor;
  }

  private String imageToken() {
    Path file = checkpoint.resolve("tokenizer.json");
    for (var token : Json.object(file).path("added_tokens")) {
      if (token.path("id").asInt(-1) == config.imageTokenId()) {
        return token.path("content").asText();
      }
    }
    throw ModelException.invalid(
        file,
        "added_tokens has no token of id %d, which config.json names as image token"
            .formatted(config.imageTokenId()),
        "Use the tokenizer.json that belongs to this checkpoint");
  }

  private String pictureMode() {
    return config.padded() ? "pad" : "square";
  }

  private String preparation() {
    return "clip-%s-%d-bicubic".formatted(pictureMode(), config.vision().side());
  }

  private String precisionName() {
    return name(precisions.decoder());
  }

  private static String name(Precision precision) {
    return precision.name().toLowerCase(Locale.ROOT);
  }

  /** Returns the precision of the embedding table: half where the decoder's is, else full. */
  Precision embeddings() {
    return precisions.decoder() == Precision.FP16 ? Precision.FP16 : Precision.FP32;
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
    parts.put("vision", name(precisions.vision()));
    parts.put("decoder", name(precisions.decoder()));
    precisions.prefill().ifPresent(prefill -> parts.put("prefill", name(prefill)));
    if (decoders().contains(Precision.INT4)) {
      parts.put("lmHead", name(precisions.lmHead()));
      parts.put("block", precisions.block());
    }
  }

  private static void checkPreparation(Path file, LlavaConfig config) {
    ConfigReader reader = new ConfigReader(file, "", Json.object(file));
    int side = config.vision().side();
    int shortest = edge(reader, "size", "shortest_edge", side);
    int crop = edge(reader, "crop_size", "height", side);
    if (shortest != side || crop != side) {
      throw ModelException.invalid(
          file,
          "it resizes to %d and crops to %d pixels, config.json implies %d"
              .formatted(shortest, crop, side),
          "Use the preprocessor_config.json that belongs to this checkpoint");
    }
    if (reader.node().path("resample").asInt(3) != 3) {
      throw ModelException.invalid(
          file,
          "resample is " + reader.node().get("resample") + ", expected 3 (bicubic)",
          "Use the preprocessor_config.json that belongs to this checkpoint");
    }
  }

  private static int edge(ConfigReader reader, String key, String edge, int absent) {
    return reader.node().path(key).isObject()
        ? reader.inside(key).count(edge, absent, 1 << 16)
        : reader.count(key, absent, 1 << 16);
  }

  private static ModelException missing(Path checkpoint, String name) {
    boolean sentencePiece =
        name.equals("tokenizer.json") && Files.exists(checkpoint.resolve("tokenizer.model"));
    return ModelException.invalid(
        checkpoint,
        name
            + " is missing"
            + (sentencePiece ? ", there is only a SentencePiece tokenizer.model" : ""),
        sentencePiece
            ? "Save the tokenizer with save_pretrained of transformers' fast tokenizer, which writes"
                + " tokenizer.json"
            : "Name a whole Hugging Face checkpoint folder");
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
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
