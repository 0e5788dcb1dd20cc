package org.llavamed.command.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The option that names a model. */
final class ModelOption {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Model folder (default: the configured model).")
  private @Nullable Path model;

  /**
   * Returns the folder that was named.
   *
   * @throws ParameterException if it is no folder
   */
  Optional<Path> folder(CommandLine line) {
    if (model != null && !Files.isDirectory(model)) {
      throw new ParameterException(
          line,
          "--model %s: no such folder. Name a model folder, as 'llavamed model import' makes one"
              .formatted(model));
    }
    return Optional.ofNullable(model);
  }
}
