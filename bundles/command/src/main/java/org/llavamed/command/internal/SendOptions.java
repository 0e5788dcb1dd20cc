package org.llavamed.command.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.llavamed.command.Text;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What of the named files is to be sent. */
final class SendOptions {
  /** What the commands say of their paths. */
  static final String PATHS =
      "DICOM files and folders (with everything below them; texts, pictures and the like there are"
          + " left out and named on standard error).";

  @Option(
      names = "--unchecked",
      description =
          "Send SR documents that do not pass 'dicom check' too; without it their line is an error.")
  private boolean unchecked;

  /**
   * Returns the files that may be sent. What is below a folder and plainly no DICOM is left out and
   * named on standard error.
   *
   * @param paths files and folders
   * @param refused hears of each other file that is not sent, and of the reason
   */
  List<Path> files(
      CommandLine line, List<Path> paths, DocumentGate gate, BiConsumer<Path, String> refused) {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      boolean folder = Files.isDirectory(path);
      FileTree.of(path)
          .forEach(
              (file, problem) -> {
                Optional<String> kind =
                    folder && problem.isEmpty() ? gate.otherKind(file) : Optional.empty();
                if (kind.isPresent()) {
                  line.getErr()
                      .println(
                          "llavamed: left out, no DICOM: %s (%s)."
                              .formatted(Text.line(file.toString()), kind.get()));
                } else {
                  problem
                      .map(error -> error + ".")
                      .or(() -> unchecked ? Optional.empty() : gate.refusal(file))
                      .ifPresentOrElse(
                          reason -> refused.accept(file, reason), () -> files.add(file));
                }
              });
    }
    if (files.isEmpty()) {
      line.getErr().println("llavamed: there is nothing to send.");
    }
    return files;
  }
}
