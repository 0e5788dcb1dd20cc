package org.llavamed.importer.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.llavamed.checkpoint.Checkpoint;
import org.llavamed.checkpoint.ConfigReader;
import org.llavamed.checkpoint.Json;
import org.llavamed.checkpoint.LlavaConfig;
import org.llavamed.checkpoint.TextConfig;
import org.llavamed.checkpoint.TextConfig.Family;
import org.llavamed.checkpoint.TokenizerFile;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.ModelException;
import org.llavamed.preprocess.ConversationTemplate;

/**
 * What is imported: the configuration, read and checked, and where all tensors lie.
 *
 * @param folder of the checkpoint
 * @param checkpoint its tensors
 * @param settings what its configuration says
 * @param tokenizer its tokenizer
 * @param template name of the conversation template
 */
record Source(
    Path folder,
    Checkpoint checkpoint,
    Settings settings,
    TokenizerFile tokenizer,
    String template) {
  private static final String CONFIG = "config.json";
  private static final String PREPROCESSOR = "preprocessor_config.json";
  private static final String WHOLE = "Name a whole Hugging Face checkpoint folder";

  /**
   * What the configuration says.
   *
   * @param text the decoder
   * @param pictures what a model has that looks at pictures
   * @param configuration config.json as Hugging Face transformers would write it
   */
  record Settings(TextConfig text, Optional<Pictures> pictures, ObjectNode configuration) {
    /** Of a model that looks at pictures. */
    Settings(ObjectNode configuration, Pictures pictures) {
      this(pictures.llava().text(), Optional.of(pictures), configuration);
    }
  }

  /**
   * What a model has that looks at pictures.
   *
   * @param llava tower and projector
   * @param preprocessor preprocessor_config.json as Hugging Face writes it
   * @param preprocessorFile where that was read; absent where it was made here
   * @param marks how a picture stands in a prompt
   */
  record Pictures(
      LlavaConfig llava,
      ObjectNode preprocessor,
      Optional<Path> preprocessorFile,
      PictureMarks marks) {}

  /**
   * Reads all but the weights.
   *
   * @throws ModelException if a file is missing, or describes what is not supported
   */
  static Source read(ImportRequest request) {
    Path folder = request.checkpoint();
    requireFolder(folder);
    request.base().ifPresent(Source::requireFolder);
    request.visionTower().ifPresent(Source::requireFolder);
    require(folder, CONFIG);
    Path file = folder.resolve(CONFIG);
    ConfigReader top = new ConfigReader(file, "", Json.object(file));
    Architecture architecture = Architecture.of(top);
    if (request.visionTower().isPresent() && architecture.kind() != Architecture.Kind.ORIGINAL) {
      throw ModelException.invalid(
          folder,
          "it takes no vision tower from outside, as it is no checkpoint of the original LLaVA code",
          "Leave --vision-tower out");
    }
    Source source =
        switch (architecture.kind()) {
          case LLAVA -> huggingFace(folder, top, request.template());
          case ORIGINAL ->
              new OriginalConfig(top, architecture.family(), TokenizerFile.read(folder))
                  .read(folder, new Checkpoint(folder), request);
          case TEXT -> text(folder, top, architecture.family(), request.template());
        };
    request.base().ifPresent(base -> source.checkpoint.addTo(new Checkpoint(base)));
    return source.with(request.template());
  }

  private static Source huggingFace(Path folder, ConfigReader top, Optional<String> named) {
    for (String name : List.of(PREPROCESSOR, "tokenizer_config.json")) {
      require(folder, name);
    }
    TokenizerFile tokenizer = TokenizerFile.read(folder);
    LlavaConfig llava = LlavaConfig.of(top);
    Path preparation = folder.resolve(PREPROCESSOR);
    int id = llava.imageTokenId();
    String picture =
        tokenizer
            .added(id)
            .orElseThrow(
                () ->
                    ModelException.invalid(
                        tokenizer.file(),
                        "added_tokens has no token of id %d, which config.json names as image token"
                            .formatted(id),
                        "Use the tokenizer.json that belongs to this checkpoint"));
    Family family = TextConfig.family(top.inside("text_config"));
    String usual = family == Family.MISTRAL ? "mistral_instruct" : "vicuna_v1";
    String template = named.orElseGet(() -> ChatTemplate.of(folder, usual));
    PictureMarks marks = new PictureMarks(picture, "", "");
    return new Source(
        folder,
        new Checkpoint(folder),
        new Settings(
            top.node().deepCopy(),
            new Pictures(llava, Json.object(preparation), Optional.of(preparation), marks)),
        tokenizer,
        template);
  }

  private static Source text(Path folder, ConfigReader top, Family family, Optional<String> named) {
    TextConfig text = TextConfig.of(top, family, false);
    return new Source(
        folder,
        new Checkpoint(folder),
        new Settings(text, Optional.empty(), top.node().deepCopy()),
        TokenizerFile.read(folder),
        named.orElseGet(() -> ChatTemplate.of(folder, "plain")));
  }

  private Source with(Optional<String> named) {
    return named
        .map(name -> ConversationTemplate.named(name).label())
        .map(label -> new Source(folder, checkpoint, settings, tokenizer, label))
        .orElse(this);
  }

  /** Returns the decoder's configuration. */
  TextConfig text() {
    return settings.text();
  }

  /** Returns tower and projector, where there are some. */
  Optional<LlavaConfig> llava() {
    return settings.pictures().map(Pictures::llava);
  }

  private static void requireFolder(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw ModelException.invalid(
          folder, "it is no folder", "Name the folder of a Hugging Face checkpoint");
    }
  }

  private static void require(Path folder, String name) {
    if (!Files.isRegularFile(folder.resolve(name))) {
      throw ModelException.invalid(folder, name + " is missing", WHOLE);
    }
  }
}
