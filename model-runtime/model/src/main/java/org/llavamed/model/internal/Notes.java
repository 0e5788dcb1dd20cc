package org.llavamed.model.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What this machine keeps about a model between starts, as small JSON files: beside the model where
 * its folder can be written to, else in the user's cache folder. Whatever is lost or damaged is
 * found out again; nothing is left half-written.
 */
final class Notes {
  private static final Logger LOG = System.getLogger(Notes.class.getName());
  private static final long MOST_BYTES = 1 << 20;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private final List<Path> places;

  /**
   * Makes notes about a model.
   *
   * @param folder of the model
   * @param identity of the model
   */
  Notes(Path folder, String identity) {
    this(folder, cacheFolder().resolve("models").resolve(identity));
  }

  Notes(Path folder, Path elsewhere) {
    this.places = List.of(folder, elsewhere);
  }

  /** Returns the folder in which this user's programs keep what can be made again. */
  static Path cacheFolder() {
    String named = System.getenv("XDG_CACHE_HOME");
    Path base =
        named == null || named.isBlank()
            ? Path.of(System.getProperty("user.home", "."), ".cache")
            : Path.of(named);
    return base.resolve("llavamed");
  }

  /**
   * Returns what was kept under a name, in either place: a folder that cannot be written to may
   * hold what another machine kept there.
   */
  <T> List<T> read(String name, Class<T> type) {
    List<T> found = new ArrayList<>();
    for (Path place : places) {
      Path file = place.resolve(name);
      try {
        if (Files.isRegularFile(file) && Files.size(file) <= MOST_BYTES) {
          T content = JSON.readValue(Files.readAllBytes(file), type);
          if (content != null) { // what "null" is read as
            found.add(content);
          }
        }
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "{0} is made anew, since it cannot be read: {1}", file, e);
      }
    }
    return found;
  }

  /** Keeps something under a name, and returns where; absent where nothing can be kept. */
  Optional<Path> write(String name, Object value) {
    byte[] bytes;
    try {
      bytes = JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON of " + value.getClass(), e);
    }
    for (int i = 0; i < places.size(); i++) {
      try {
        if (i > 0) {
          Files.createDirectories(places.get(i));
        }
        return Optional.of(replace(places.get(i).resolve(name), bytes));
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "{0} cannot be kept in {1}: {2}", name, places.get(i), e);
      }
    }
    return Optional.empty();
  }

  private static Path replace(Path file, byte[] bytes) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Path half = Files.createTempFile(folder, "." + file.getFileName(), ".tmp");
    try {
      Files.write(half, bytes);
      return Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(half);
    }
  }
}
