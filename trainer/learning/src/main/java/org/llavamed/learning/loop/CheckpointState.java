package org.llavamed.learning.loop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.llavamed.files.FileError;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.recipe.Recipe;

/**
 * What a checkpoint holds beside numbers, its state.json. The random numbers of a step begin with a
 * seed that is made of the recipe's, the step, the batch and the process; so the position is all
 * that they depend on, and their state as well.
 *
 * @param position where the run goes on
 * @param setting what the run was started with
 * @param best validation so far; absent before the first
 */
record CheckpointState(Position position, Setting setting, @Nullable Best best) {
  private static final String FILE = "state.json";
  private static final long MOST_BYTES = 1L << 26;
  private static final String ANEW =
      "Resume with what the checkpoint was made with, or begin anew in another folder";
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /**
   * A place in the order of all batches.
   *
   * @param step steps that are done
   * @param epoch that the next batch is of, from 0
   * @param batch next batch of the epoch, from 0
   */
  record Position(long step, long epoch, int batch) {
    /** Where every run begins. */
    static final Position BEGIN = new Position(0, 0, 0);
  }

  /**
   * What makes a run what it is.
   *
   * @param recipe with all that it left out
   * @param files SHA-256 of files and folders that were read, by their paths
   * @param processes that train together
   * @param engine library and version; another one may round in another way
   */
  record Setting(JsonNode recipe, SortedMap<String, String> files, int processes, String engine) {
    static Setting of(Recipe recipe, Map<String, String> files, int processes, String engine) {
      try {
        // Through text, so that numbers are of the kinds that a file gives.
        JsonNode tree = JSON.readTree(JSON.writeValueAsString(recipe));
        return new Setting(tree, new TreeMap<>(files), processes, engine);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("A recipe cannot be written as JSON", e);
      }
    }
  }

  /**
   * The best validation.
   *
   * @param step steps that were done
   * @param loss mean cross entropy
   */
  record Best(long step, double loss) {}

  /** Reads the state of a checkpoint. */
  static CheckpointState read(Path checkpoint) {
    Path file = checkpoint.resolve(FILE);
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw TrainingException.invalid(
            file, "it has more than %d bytes".formatted(MOST_BYTES), "Remove this checkpoint");
      }
      return JSON.readValue(file.toFile(), CheckpointState.class);
    } catch (JsonProcessingException e) {
      throw TrainingException.invalid(
          file,
          "it is no state of a run (" + e.getOriginalMessage().lines().findFirst().orElse("") + ")",
          "Remove this checkpoint; the one before it is used then",
          e);
    } catch (IOException e) {
      FileError error = FileError.reading(file, e);
      throw TrainingException.invalid(file, error.found(), error.advice(), e);
    }
  }

  void write(Path folder) throws IOException {
    JSON.writerWithDefaultPrettyPrinter().writeValue(folder.resolve(FILE).toFile(), this);
  }

  /**
   * Checks that a run may go on from this state: the same recipe but for the folder and what is
   * said of checkpoints, the same files, as many processes.
   *
   * @throws TrainingException if something differs; names the first key or file
   */
  void requireSame(Path checkpoint, Setting now) {
    requireSame(checkpoint, "", comparable(setting.recipe), comparable(now.recipe));
    var paths = new TreeSet<>(setting.files.keySet());
    paths.addAll(now.files.keySet());
    for (String path : paths) {
      String then = setting.files.getOrDefault(path, "not read");
      String today = now.files.getOrDefault(path, "not read");
      if (!then.equals(today)) {
        throw differs(checkpoint, "the SHA-256 of " + path, today, then);
      }
    }
    if (setting.processes != now.processes) {
      throw differs(checkpoint, "the number of processes", now.processes, setting.processes);
    }
  }

  private static JsonNode comparable(JsonNode recipe) {
    ObjectNode copy = recipe.deepCopy();
    return copy.remove(List.of("out", "checkpoints"));
  }

  private static void requireSame(Path checkpoint, String key, JsonNode then, JsonNode now) {
    if (then.equals(now)) {
      return;
    }
    if (!then.isContainerNode() || !now.isContainerNode()) {
      throw differs(checkpoint, "the recipe's " + key, now, then);
    }
    String below = key.isEmpty() ? "" : key + ".";
    if (then.isArray()) {
      for (int i = 0; i < Math.max(then.size(), now.size()); i++) {
        requireSame(checkpoint, below + i, then.path(i), now.path(i));
      }
    } else {
      var names = new TreeSet<String>();
      then.fieldNames().forEachRemaining(names::add);
      now.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        requireSame(checkpoint, below + name, then.path(name), now.path(name));
      }
    }
  }

  private static TrainingException differs(Path checkpoint, String what, Object now, Object then) {
    return TrainingException.invalid(
        checkpoint, "%s is %s, the checkpoint's %s".formatted(what, shown(now), shown(then)), ANEW);
  }

  private static String shown(Object value) {
    boolean none = value instanceof JsonNode node && (node.isMissingNode() || node.isNull());
    return none ? "not there" : value.toString();
  }
}
