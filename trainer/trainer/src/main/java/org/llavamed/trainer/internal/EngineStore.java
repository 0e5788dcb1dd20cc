package org.llavamed.trainer.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.llavamed.command.ProgressDisplay;
import org.llavamed.files.FileError;
import org.llavamed.learning.TrainingException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Has the tensor library: in a folder that the user names, else in one of the user's cache, where
 * it is put when it is first needed.
 */
@Component(service = EngineStore.class, configurationPid = "org.llavamed.trainer")
@Designate(ocd = EngineConfig.class)
public final class EngineStore {
  /** Environment variable that names a folder with the jars. */
  static final String VARIABLE = "LLAVAMED_ENGINE";

  private final String configured;
  private final Map<String, String> environment;
  private final Path userHome;

  /** Takes the configuration. */
  @Activate
  public EngineStore(EngineConfig config) {
    this(config.engineFolder(), System.getenv(), Path.of(System.getProperty("user.home", ".")));
  }

  EngineStore(String configured, Map<String, String> environment, Path userHome) {
    this.configured = configured;
    this.environment = environment;
    this.userHome = userHome;
  }

  /**
   * Returns the library for a platform, and fetches it where it is not there yet.
   *
   * @param distribution whose Maven wrapper fetches
   * @throws TrainingException if a named folder does not hold it, or it cannot be fetched
   * @throws InterruptedException if the thread is interrupted while it is fetched
   */
  Engine open(Platform platform, Distribution distribution, ProgressDisplay progress)
      throws InterruptedException {
    String named = environment.getOrDefault(VARIABLE, "");
    if (!named.isBlank()) {
      return named(Path.of(named), VARIABLE, platform);
    }
    if (!configured.isBlank()) {
      return named(Path.of(configured), "engineFolder", platform);
    }
    String version = distribution.engineVersion();
    Path folder =
        cache().resolve("engine-%s-%s".formatted(version, platform.classifier())).toAbsolutePath();
    if (!Files.isDirectory(folder)) {
      new EngineFetch(distribution, platform, folder).run(progress);
    }
    return engine(folder, folder, platform, "Remove the folder, so that it is fetched again");
  }

  private Path cache() {
    String base = environment.getOrDefault("XDG_CACHE_HOME", "");
    return (base.isBlank() ? userHome.resolve(".cache") : Path.of(base)).resolve("llavamed");
  }

  private static Engine named(Path folder, String by, Platform platform) {
    return engine(
        by + "=" + folder,
        folder,
        platform,
        "Put the jars there, or name no folder, so that they are fetched");
  }

  private static Engine engine(Object where, Path folder, Platform platform, String advice) {
    List<Path> jars = jars(where, folder);
    String end = "-" + platform.classifier() + ".jar";
    for (String needed : List.of("pytorch-", "openblas-", "javacpp-")) {
      String build = needed.equals("pytorch-") ? end : "-" + platform.name() + ".jar";
      if (jars.stream().noneMatch(jar -> isOf(jar, needed, build))) {
        throw TrainingException.invalid(
            where, "there is no %s*%s".formatted(needed, build), advice);
      }
    }
    return new Engine(jars, folder.resolve("natives").toAbsolutePath());
  }

  private static boolean isOf(Path jar, String begin, String end) {
    String name = jar.getFileName().toString();
    return name.startsWith(begin) && name.endsWith(end);
  }

  private static List<Path> jars(Object where, Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".jar"))
          .map(Path::toAbsolutePath)
          .sorted()
          .toList();
    } catch (IOException e) {
      FileError error = FileError.reading(folder, e);
      throw TrainingException.invalid(where, error.found(), error.advice(), e);
    }
  }
}
