package org.llavamed.importer.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.llavamed.checkpoint.Json;
import org.llavamed.inference.ModelException;

/** Finds the conversation template that a checkpoint was trained with. */
final class ChatTemplate {
  private ChatTemplate() {}

  /**
   * Returns {@code mistral_instruct} or {@code vicuna_v1} by the marks in the checkpoint's own chat
   * template.
   *
   * @param absent the template of a checkpoint that has none
   * @throws ModelException if the chat template has the marks of neither
   */
  static String of(Path checkpoint, String absent) {
    String template = text(checkpoint);
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
