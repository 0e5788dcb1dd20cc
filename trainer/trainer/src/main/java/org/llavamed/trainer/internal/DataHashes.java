package org.llavamed.trainer.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.llavamed.files.FileError;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.recipe.Recipe;

/** SHA-256 of the files of samples. */
final class DataHashes {
  private DataHashes() {}

  /**
   * Hashes the files that a recipe names.
   *
   * @return hash by file
   * @throws TrainingException if a file cannot be read
   */
  static Map<String, String> of(Recipe recipe) {
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
      digest.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    } catch (IOException e) {
      FileError error = FileError.reading(file, e);
      throw TrainingException.invalid(file, error.found(), error.advice(), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
