package org.llavamed.command.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.llavamed.command.Command;
import org.llavamed.command.Text;
import org.llavamed.command.internal.InputFiles.Input;
import org.llavamed.deidentification.Deidentifier;
import org.llavamed.deidentification.Policy;
import org.llavamed.deidentification.ProfileOption;
import org.llavamed.deidentification.ProjectSecret;
import org.llavamed.files.FileError;
import org.llavamed.imaging.ImagingException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code llavamed dicom anonymize}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=dicom")
@CommandLine.Command(
    name = "anonymize",
    description = {
      "Write copies of DICOM files without what identifies the patient: PS3.15 annex E, Basic"
          + " Application Level Confidentiality Profile (113100) and options. Prints the original"
          + " and the new path, separated by a tab.",
      "Pixels are not changed: objects that may show a name are refused unless --pixels-checked. A"
          + " file that fails is named on standard error, nothing is written for it, and the exit"
          + " code is 1.",
      "Research use only, not for clinical use. What a file tells by its pixels, its shape of the"
          + " face or its rarity stays."
    })
public final class AnonymizeCommand implements Command {
  private static final Logger LOG = System.getLogger(AnonymizeCommand.class.getName());
  private static final long LONGEST_KEY = 1 << 16;

  private final Deidentifier deidentifier;

  @Spec private CommandSpec spec;

  @Mixin private InputPaths paths;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FOLDER",
      required = true,
      description = "Where to write; files are named by their new SOP Instance UID.")
  private Path output;

  @Option(
      names = "--option",
      paramLabel = "NAME",
      description = {
        "An option of the profile, by name or code: clean-graphics (113103),"
            + " clean-structured-content (113104), clean-descriptors (113105), retain-full-dates"
            + " (113106), retain-modified-dates (113107), retain-patient-characteristics (113108),"
            + " retain-device-identity (113109), retain-uids (113110), retain-safe-private (113111),"
            + " retain-institution-identity (113112). May be repeated."
      })
  private List<String> options = new ArrayList<>();

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = {
        "The secret of the project, at least 16 bytes: with the same secret, the same patient, UID"
            + " and date have the same replacement in each run. Without --key-file and --salt a"
            + " secret is made for this run and forgotten, and FOLDER may not hold copies yet."
      })
  private @Nullable Path keyFile;

  @Option(
      names = "--salt",
      paramLabel = "TEXT",
      description = "The secret as text; other users of the machine may see it.")
  private @Nullable String salt;

  @Option(
      names = "--pixels-checked",
      description = "A person has looked at the pixels: they name nobody.")
  private boolean pixelsChecked;

  @Option(
      names = "--map",
      paramLabel = "FILE",
      description = {
        "Write a table (CSV) of originals and replacements that its owner alone may read. Whoever"
            + " has it can undo the de-identification."
      })
  private @Nullable Path map;

  /** Takes the service that de-identifies. */
  @Activate
  public AnonymizeCommand(@Reference Deidentifier deidentifier) {
    this.deidentifier = deidentifier;
  }

  @Override
  public Integer call() {
    Policy policy = policy();
    checkOutput();
    try (PseudonymTable table = map == null ? null : PseudonymTable.create(map)) {
      return paths.all(spec.commandLine(), System.in, input -> write(input, policy, table));
    }
  }

  private boolean write(Input input, Policy policy, @Nullable PseudonymTable table) {
    try {
      Deidentifier.Outcome outcome = deidentifier.deidentify(input.checked(), output, policy);
      if (table != null) {
        table.add(input.name(), outcome);
      }
      spec.commandLine().getOut().println(Text.line(input.name()) + "\t" + outcome.file());
      return true;
    } catch (ImagingException e) {
      spec.commandLine().getErr().println("llavamed: " + input.message(e));
      return false;
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "De-identification of " + input.name() + " failed", e);
      spec.commandLine()
          .getErr()
          .println(
              "llavamed: %s: de-identification failed unexpectedly (%s). Report this as an error of the program."
                  .formatted(Text.line(input.name()), e.getClass().getSimpleName()));
      return false;
    }
  }

  private Policy policy() {
    try {
      return new Policy(chosen(), secret(), pixelsChecked);
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private Set<ProfileOption> chosen() {
    Set<ProfileOption> chosen = EnumSet.noneOf(ProfileOption.class);
    for (String name : options) {
      chosen.add(
          Stream.of(ProfileOption.values())
              .filter(option -> name.equals(option.label()) || name.equals(option.code()))
              .findFirst()
              .orElseThrow(() -> unknown(name)));
    }
    return chosen;
  }

  private ParameterException unknown(String name) {
    return usage(
        "--option '%s' is unknown. Choose of %s"
            .formatted(
                name,
                Stream.of(ProfileOption.values())
                    .filter(ProfileOption::isSupported)
                    .map(ProfileOption::label)
                    .collect(Collectors.joining(", "))));
  }

  private ProjectSecret secret() {
    if (keyFile != null && salt != null) {
      throw usage("--key-file and --salt are two secrets: give one");
    }
    if (salt != null) {
      return ProjectSecret.of(salt.getBytes(StandardCharsets.UTF_8));
    }
    if (keyFile == null) {
      return ProjectSecret.random();
    }
    try {
      if (Files.size(keyFile) > LONGEST_KEY) {
        throw usage("--key-file %s has more than %d bytes".formatted(keyFile, LONGEST_KEY));
      }
      return ProjectSecret.of(Files.readAllBytes(keyFile));
    } catch (IOException e) {
      throw usage("--key-file %s: %s".formatted(keyFile, FileError.reading(keyFile, e)));
    }
  }

  /** Originals and copies must not mix: the next run would take copies for originals. */
  private void checkOutput() {
    Path target = real(output.toAbsolutePath().normalize());
    for (Path path : paths.named()) {
      if (!path.equals(InputFiles.STANDARD_INPUT)) {
        checkApart(path, target);
      }
    }
    if (map != null && real(map.toAbsolutePath().normalize()).startsWith(target)) {
      throw usage(
          "--map %s lies within --output %s: keep it apart from the copies".formatted(map, output));
    }
    if (Files.exists(output) && !Files.isDirectory(output)) {
      throw usage("--output %s is no folder".formatted(output));
    }
    if (keyFile == null && salt == null && hasCopies()) {
      throw usage(
          "--output %s holds copies already, and without their secret the same files would be copied again under other names. Give --key-file or --salt of that run, or name an empty folder"
              .formatted(output));
    }
  }

  private boolean hasCopies() {
    if (!Files.isDirectory(output)) {
      return false;
    }
    try (DirectoryStream<Path> copies = Files.newDirectoryStream(output, "*.dcm")) {
      return copies.iterator().hasNext();
    } catch (IOException e) {
      throw usage("--output %s: %s".formatted(output, FileError.reading(output, e)));
    }
  }

  private void checkApart(Path path, Path target) {
    Path absolute = path.toAbsolutePath().normalize();
    boolean folder = Files.isDirectory(path);
    Path parent = absolute.getParent();
    Path home = real(folder || parent == null ? absolute : parent);
    if (folder && target.startsWith(home)) {
      throw usage("--output %s lies within %s: choose a folder outside".formatted(output, path));
    }
    if (home.startsWith(target)) {
      throw usage("%s lies within --output %s: choose another folder".formatted(path, output));
    }
  }

  /** Returns the path without links, as far as it exists. */
  private static Path real(Path path) {
    Path above = path.getParent();
    try {
      return Files.exists(path) || above == null
          ? path.toRealPath()
          : real(above).resolve(path.getFileName());
    } catch (IOException e) {
      return path.normalize();
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
