package org.llavamed.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The modules of the product and what each may know. A class belongs to the module whose jar or
 * {@code target/classes} it was read from, whatever its package.
 */
final class Modules {
  /** A module, and the modules that its classes may use. */
  static final Map<String, Set<String>> ALLOWED =
      Map.ofEntries(
          Map.entry("api", Set.of()),
          Map.entry("preprocess", Set.of("api")),
          Map.entry("annotator", Set.of("api")),
          Map.entry("command", Set.of("api")),
          Map.entry("dicom", Set.of("api")),
          Map.entry("codec", Set.of("api", "dicom")),
          Map.entry("render", Set.of("api", "dicom")),
          Map.entry("study", Set.of("api", "dicom")),
          Map.entry("check", Set.of("api", "dicom")),
          Map.entry("result", Set.of("api", "dicom", "check")),
          Map.entry("deidentify", Set.of("api", "dicom")),
          Map.entry("dimse", Set.of("api", "dicom")),
          Map.entry("dicomweb", Set.of("api", "dicom")),
          Map.entry("ffmpeg", Set.of("api")),
          Map.entry("model", Set.of("api", "preprocess")),
          Map.entry("importer", Set.of("api", "preprocess")),
          Map.entry("engine", Set.of("api")),
          Map.entry("torch", Set.of("api", "engine")),
          Map.entry("data", Set.of("api", "preprocess")),
          Map.entry("learning", Set.of("api", "preprocess", "engine", "data")),
          Map.entry("evaluation", Set.of("api", "data", "preprocess")),
          Map.entry("trainer", Set.of("api", "data", "learning")),
          Map.entry("launcher", Set.of()));

  /** All classes of ours that ship, none of the tests. */
  static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/dist/architecture/"))
          .importPackages("org.llavamed");

  private static final Pattern PLACE =
      Pattern.compile("/org\\.llavamed\\.([a-z]+)-[^/]*\\.jar!|/([a-z]+)/target/classes/");

  private Modules() {}

  /** Returns the module of a class; empty for a class that is not ours. */
  static Optional<String> of(JavaClass type) {
    return type.getSource()
        .map(source -> PLACE.matcher(source.getUri().toString()))
        .filter(Matcher::find)
        .map(place -> place.group(1) == null ? place.group(2) : place.group(1));
  }
}
