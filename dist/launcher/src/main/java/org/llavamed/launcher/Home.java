package org.llavamed.launcher;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The distribution folder: {@code bin conf lib bundles natives models samples docs}.
 *
 * @param folder absolute path
 */
record Home(Path folder) {
  /** System property and configuration variable that holds the folder. */
  static final String PROPERTY = "llavamed.home";

  /**
   * Returns the folder that the system property {@value #PROPERTY} names, else the one whose {@code
   * lib} holds this jar.
   *
   * @throws LaunchException if it has no folder {@code bundles}
   */
  static Home locate() {
    String named = System.getProperty(PROPERTY);
    Path folder = (named == null ? besideThisJar() : Path.of(named)).toAbsolutePath().normalize();
    if (!Files.isDirectory(folder.resolve("bundles"))) {
      throw new LaunchException(
          "%s is no distribution of LLaVA-Med for DICOM: it has no folder 'bundles'. Start bin/llavamed of a whole distribution folder."
              .formatted(folder));
    }
    return new Home(folder);
  }

  private static Path besideThisJar() {
    CodeSource source = Home.class.getProtectionDomain().getCodeSource();
    try {
      Path lib = Path.of(source.getLocation().toURI()).toAbsolutePath().getParent();
      Path home = lib == null ? null : lib.getParent();
      return home == null ? Path.of("") : home;
    } catch (URISyntaxException e) {
      throw new LaunchException("The launcher cannot tell where it lies: " + e.getMessage());
    }
  }

  /** Returns the bundles' jars, sorted by name. */
  List<Path> bundles() {
    try (Stream<Path> files = Files.list(folder.resolve("bundles"))) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new LaunchException(
          "The folder %s cannot be read: %s".formatted(folder.resolve("bundles"), e.getMessage()));
    }
  }

  /** Returns the folder of the configuration, one {@code <pid>.cfg} a component. */
  Path conf() {
    return folder.resolve("conf");
  }

  /** Returns the folder of the unpacked native libraries of this platform, where there is one. */
  Optional<Path> natives() {
    Path natives = folder.resolve("natives").resolve(platform());
    return Files.isDirectory(natives) ? Optional.of(natives) : Optional.empty();
  }

  /** Returns operating system and processor as ONNX Runtime names them: {@code linux-x64}. */
  static String platform() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    String system = os.startsWith("mac") ? "osx" : os.startsWith("win") ? "win" : "linux";
    return system + "-" + (processor.equals("amd64") ? "x64" : processor);
  }
}
