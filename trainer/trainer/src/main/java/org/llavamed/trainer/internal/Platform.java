package org.llavamed.trainer.internal;

import java.util.Locale;
import org.llavamed.learning.TrainingException;

/**
 * Which build of the tensor library a machine takes.
 *
 * @param name as JavaCPP names operating system and processor
 * @param cuda whether the build for NVIDIA's GPUs is taken
 * @param megabytes that are fetched once
 */
record Platform(String name, boolean cuda, String megabytes) {
  private static final String LINUX = "linux-x86_64";

  /**
   * Returns the build for this machine.
   *
   * @throws TrainingException if there is none
   */
  static Platform here(boolean cuda) {
    return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""), cuda);
  }

  static Platform of(String os, String processor, boolean cuda) {
    String system = os.toLowerCase(Locale.ROOT);
    String found =
        (system.startsWith("linux")
                ? "linux"
                : system.startsWith("mac") ? "macosx" : system.startsWith("win") ? "windows" : os)
            + "-"
            + switch (processor.toLowerCase(Locale.ROOT)) {
              case "amd64", "x86_64" -> "x86_64";
              case "aarch64", "arm64" -> "arm64";
              default -> processor;
            };
    if (cuda && found.equals(LINUX)) {
      return new Platform(found, true, "about 490 MB");
    }
    return switch (found) {
      case LINUX -> new Platform(found, false, "about 113 MB");
      case "macosx-arm64", "windows-x86_64" -> check(found, cuda);
      default ->
          throw TrainingException.invalid(
              "train",
              "there is no engine for %s, expected linux-x86_64, macosx-arm64 or windows-x86_64"
                  .formatted(found),
              "Train on such a machine; a trained model runs on this one");
    };
  }

  private static Platform check(String found, boolean cuda) {
    if (cuda) {
      throw TrainingException.invalid(
          "--device cuda",
          "there is no engine with CUDA for %s, expected %s".formatted(found, LINUX),
          "Train on Linux, or with --device cpu");
    }
    return new Platform(found, false, "less than 113 MB");
  }

  /** Returns the name with what tells the build for GPUs apart, as JavaCPP names its files. */
  String classifier() {
    return cuda ? name + "-gpu" : name;
  }

  /** Returns whether this is Windows, which starts scripts otherwise. */
  boolean isWindows() {
    return name.startsWith("windows");
  }
}
