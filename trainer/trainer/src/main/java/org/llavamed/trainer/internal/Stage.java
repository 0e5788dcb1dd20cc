package org.llavamed.trainer.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.llavamed.files.FileError;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.loop.Checkpoints;
import org.llavamed.learning.recipe.Recipe;
import org.llavamed.learning.recipe.RecipeReader;
import org.llavamed.learning.run.RunFolder;

/**
 * A run of training, and what is there of it.
 *
 * @param recipe what it does
 * @param folder that it writes to
 */
record Stage(Recipe recipe, RunFolder folder) {
  private static final int MOST_NAMED = 5;

  /** How far a run has come. */
  enum State {
    /** Nothing is there. */
    NEW,
    /** The recipe is there, the model is not. */
    BEGUN,
    /** The model is there. */
    COMPLETE
  }

  static Stage of(Recipe recipe) {
    return new Stage(recipe, new RunFolder(Path.of(recipe.out())));
  }

  /**
   * Returns how far the run has come.
   *
   * @param resume whether a run that is there is meant
   * @throws TrainingException if the folder holds something else, another run, or a run that is not
   *     meant
   */
  State state(boolean resume) {
    Path root = folder.root();
    if (!Files.exists(folder.recipe())) {
      checkEmpty(root);
      return State.NEW;
    }
    boolean complete = Files.isDirectory(folder.model());
    if (!resume) {
      throw TrainingException.invalid(
          root,
          complete ? "a finished run lies there" : "a run lies there that is not finished",
          complete
              ? "Set another folder ('out'), or remove this one"
              : "Add --resume to go on with it, set another folder ('out'), or remove this one");
    }
    checkSame();
    return complete ? State.COMPLETE : State.BEGUN;
  }

  private static void checkEmpty(Path root) {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> files = Files.list(root)) {
      if (files.anyMatch(file -> !file.endsWith(RunLock.NAME))) {
        throw TrainingException.invalid(
            root,
            "it is not empty and holds no run of training",
            "Set another folder ('out'), or empty this one");
      }
    } catch (IOException e) {
      FileError error = FileError.reading(root, e);
      throw TrainingException.invalid(root, error.found(), error.advice(), e);
    }
  }

  private void checkSame() {
    Recipe begun = new RecipeReader().read(folder.recipe(), Map.of());
    if (begun.equals(recipe)) {
      return;
    }
    Map<String, String> then = values(begun);
    Map<String, String> now = values(recipe);
    var keys = new TreeSet<String>(then.keySet());
    keys.addAll(now.keySet());
    List<String> others =
        keys.stream()
            .filter(key -> !String.valueOf(then.get(key)).equals(String.valueOf(now.get(key))))
            .map(key -> "%s was %s and is %s".formatted(key, then.get(key), now.get(key)))
            .limit(MOST_NAMED)
            .toList();
    throw TrainingException.invalid(
        folder.recipe(),
        "the run was begun with another recipe: " + String.join(", ", others),
        "Go on with the recipe that it was begun with, or set another folder ('out')");
  }

  private static Map<String, String> values(Recipe recipe) {
    var values = new TreeMap<String, String>();
    put(values, "", new ObjectMapper().valueToTree(recipe));
    return values;
  }

  private static void put(Map<String, String> values, String key, JsonNode node) {
    String begin = key.isEmpty() ? "" : key + ".";
    if (node.isObject()) {
      node.properties().forEach(entry -> put(values, begin + entry.getKey(), entry.getValue()));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        put(values, begin + i, node.get(i));
      }
    } else {
      values.put(key, node.asText());
    }
  }

  /**
   * Writes the recipe, which makes the folder that of a run.
   *
   * @throws TrainingException if it cannot be written
   */
  void begin() {
    Path file = folder.recipe();
    try {
      Files.createDirectories(folder.root());
      Path unfinished = Files.createTempFile(folder.root(), ".recipe", ".yaml");
      Files.writeString(unfinished, new RecipeReader().write(recipe));
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      FileError error = FileError.writing(file, e);
      throw TrainingException.invalid(file, error.found(), error.advice(), e);
    }
  }

  /** Returns the checkpoint of the most steps. */
  Optional<Path> lastCheckpoint() {
    return new Checkpoints(folder.checkpoints(), recipe.checkpoints().keep()).newest();
  }

  /**
   * Checks that all files and folders are there that the recipe names.
   *
   * @param made folders that stages before this one make
   * @throws TrainingException if one is missing; names it and the key
   */
  void checkInputs(List<String> made) {
    for (Recipe.Source source : recipe.data()) {
      checkFile("data", source.file());
      checkFolder("data", source.pictures());
    }
    if (recipe.validation() != null) {
      checkFile("validation", recipe.validation().file());
      checkFolder("validation", recipe.validation().pictures());
    }
    Recipe.Start start = recipe.model();
    Stream.of(start.folder(), start.language(), start.vision(), start.random())
        .filter(named -> named != null && !made.contains(named))
        .forEach(named -> checkFolder("model", named));
  }

  private void checkFile(String key, String named) {
    if (!Files.isRegularFile(Path.of(named))) {
      throw missing(key, named, "file");
    }
  }

  private void checkFolder(String key, String named) {
    if (!Files.isDirectory(Path.of(named))) {
      throw missing(key, named, "folder");
    }
  }

  private TrainingException missing(String key, String named, String what) {
    return TrainingException.invalid(
        "%s, key %s".formatted(recipe.name(), key),
        "there is no %s %s".formatted(what, Path.of(named).toAbsolutePath()),
        "Correct the recipe, or start in the folder that its paths are relative to");
  }
}
