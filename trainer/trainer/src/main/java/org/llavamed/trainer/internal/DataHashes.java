package org.llavamed.trainer.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.llavamed.files.FileError;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.recipe.Recipe;

/** SHA-256 of the files of samples, which a run that goes on has to find unchanged. */
final class DataHashes {
  private static final String NAME = "data.sha256";

  private DataHashes() {}

  /**
   * Hashes the files, holds them against the hashes that were kept when the run began, and keeps
   * them where it begins now.
   *
   * @param resume whether the run goes on
   * @return hash by file
   * @throws TrainingException if a file cannot be read or was changed
   */
  static Map<String, String> check(Stage stage, boolean resume) {
    Path kept = stage.folder().root().resolve(NAME);
    Map<String, String> hashes = of(stage.recipe());
    String text =
        hashes.entrySet().stream()
            .map(entry -> entry.getValue() + "  " + entry.getKey() + "\n")
            .collect(Collectors.joining());
    try {
      if (!resume || !Files.exists(kept)) {
        Files.writeString(kept, text);
        return hashes;
      }
      for (String line : Files.readString(kept).lines().toList()) {
        if (!text.contains(line + "\n")) {
          throw TrainingException.invalid(
              line.substring(line.indexOf(' ') + 2),
              "it has changed since the run in %s began".formatted(stage.folder().root()),
              "Put the file back, or set another 'out' and begin anew");
        }
      }
      return hashes;
    } catch (IOException e) {
      FileError error = FileError.writing(kept, e);
      throw TrainingException.invalid(kept, error.found(), error.advice(), e);
    }
  }

  private static Map<String, String> of(Recipe recipe) {
    var hashes = new LinkedHashMap<String, String>();
    recipe.data().forEach(source -> hashes.put(source.file(), hash(Path.of(source.file()))));
    if (recipe.validation() != null) {
      String file = recipe.validation().file();
      hashes.put(file, hash(Path.of(file)));
    }
    return hashes;
  }

  private static String hash(Path file) {
    try (InputStream in = Files.newInputStream(file);
        var digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
      digest.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    } catch (IOException e) {
      FileError error = FileError.reading(file, e);
      throw TrainingException.invalid(file, error.found(), error.advice(), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
