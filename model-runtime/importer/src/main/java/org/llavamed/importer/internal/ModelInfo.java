package org.llavamed.importer.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llavamed.checkpoint.ConfigReader;
import org.llavamed.checkpoint.Json;
import org.llavamed.files.FileError;
import org.llavamed.inference.ModelException;

/**
 * What a checkpoint is called and where it comes from.
 *
 * @param name of the model
 * @param version of the model
 * @param licence of the weights
 * @param source where the weights came from
 */
record ModelInfo(String name, String version, String licence, String source) {
  /** The optional file of a checkpoint with these four values as texts. */
  static final String FILE = "llavamed-card.json";

  private static final Pattern LICENCE = Pattern.compile("(?m)^license:\\s*[\"']?([^\\s\"']+)");

  /**
   * Reads llavamed-card.json; what it lacks is derived: the name from the folder, version 1, the
   * licence from the head of README.md as Hugging Face writes it, else {@code not stated}.
   */
  static ModelInfo of(Path checkpoint) {
    Path file = checkpoint.resolve(FILE);
    ObjectNode card = Files.isRegularFile(file) ? Json.object(file) : Json.object();
    String folder = String.valueOf(checkpoint.toAbsolutePath().normalize().getFileName());
    ConfigReader reader = new ConfigReader(file, "", card);
    String name = reader.text("name", folder);
    return new ModelInfo(
        name,
        reader.text("version", "1"),
        reader.has("licence") ? reader.text("licence", "") : licence(checkpoint),
        reader.text("source", "Imported from the checkpoint folder " + folder + "."));
  }

  private static String licence(Path checkpoint) {
    Path readme = checkpoint.resolve("README.md");
    if (!Files.isRegularFile(readme)) {
      return "not stated";
    }
    try (var in = Files.newInputStream(readme)) {
      String text = new String(in.readNBytes(1 << 16), StandardCharsets.UTF_8);
      int end = text.indexOf("\n---", 3);
      Matcher matcher =
          LICENCE.matcher(text.startsWith("---") && end > 0 ? text.substring(0, end) : "");
      return matcher.find() ? matcher.group(1) : "not stated";
    } catch (IOException e) {
      throw ModelException.invalid(
          readme, FileError.reading(readme, e).found(), "Check the file and its rights", e);
    }
  }
}
