package org.llavamed.importer.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llavamed.checkpoint.Json;
import org.llavamed.inference.ModelException;
import org.llavamed.preprocess.ConversationTemplate;

/** Finds the conversation template that a checkpoint was trained with. */
final class ChatTemplate {
  private static final Pattern NAMED = Pattern.compile("\\{# llavamed template: ([a-z0-9_]+) #}");

  private ChatTemplate() {}

  /**
   * Returns the template that the checkpoint's own chat template names, as the trainer writes it,
   * or {@code mistral_instruct} or {@code vicuna_v1} by its marks.
   *
   * @param absent the template of a checkpoint that has none
   * @throws ModelException if the chat template has the marks of neither
   */
  static String of(Path checkpoint, String absent) {
    String template = text(checkpoint);
    Matcher named = NAMED.matcher(template);
    if (named.find()) {
      return ConversationTemplate.named(named.group(1)).label();
    }
    if (template.contains("[INST]")) {
      return "mistral_instruct";
    }
    if (template.contains("USER:")) {
      return "vicuna_v1";
    }
    if (!template.isBlank()) {
      throw ModelException.invalid(
          checkpoint,
          "its chat template has neither [INST] nor USER:",
          "Import a model that was trained with the mistral_instruct or the vicuna_v1 template, or"
              + " name the template that comes nearest with --template");
    }
    return absent;
  }

  private static String text(Path checkpoint) {
    Path file = checkpoint.resolve("chat_template.jinja");
    if (Files.isRegularFile(file)) {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw ModelException.invalid(
            file, "it cannot be read as UTF-8 (" + e + ")", "Check the file and its rights", e);
      }
    }
    Path json = checkpoint.resolve("chat_template.json");
    Path holder = Files.isRegularFile(json) ? json : checkpoint.resolve("tokenizer_config.json");
    if (!Files.isRegularFile(holder)) {
      return "";
    }
    JsonNode template = Json.object(holder).path("chat_template");
    return template.isArray() ? template.toString() : template.asText("");
  }
}
