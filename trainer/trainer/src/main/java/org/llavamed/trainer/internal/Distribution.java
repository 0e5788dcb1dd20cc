package org.llavamed.trainer.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.llavamed.files.FileError;
import org.llavamed.learning.TrainingException;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * The folder that ships.
 *
 * @param home absolute path
 */
record Distribution(Path home) {
  /** System property that the launcher sets. */
  static final String PROPERTY = "llavamed.home";

  private static final String YAML = ".yaml";

  static Distribution here() {
    return new Distribution(Path.of(System.getProperty(PROPERTY, ".")).toAbsolutePath());
  }

  /** Returns the folder of what worker processes need beside the bundles. */
  Path trainer() {
    return home.resolve("lib").resolve("trainer");
  }

  /** Returns the jars of ours that a worker process needs. */
  List<Path> jars() {
    var jars = new ArrayList<Path>(jars(home.resolve("bundles")));
    jars.addAll(jars(trainer()));
    return jars;
  }

  private static List<Path> jars(Path folder) {
    return files(folder, ".jar");
  }

  private static List<Path> files(Path folder, String end) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
    } catch (IOException e) {
      throw TrainingException.invalid(
          folder, FileError.reading(folder, e).found(), "Unpack the distribution again", e);
    }
  }

  /**
   * Returns the file of a recipe or curriculum.
   *
   * @param named path, or the name of one that ships
   * @throws TrainingException if there is none
   */
  Path recipe(String named) {
    Path file = Path.of(named);
    if (Files.isRegularFile(file)) {
      return file;
    }
    List<Path> shipped = files(home.resolve("recipes"), YAML);
    return shipped.stream()
        .filter(recipe -> name(recipe).equals(named) || name(recipe).equals(named + YAML))
        .findFirst()
        .orElseThrow(
            () ->
                TrainingException.invalid(
                    named,
                    "there is no such file",
                    shipped.stream()
                        .map(recipe -> name(recipe).replace(YAML, ""))
                        .collect(
                            Collectors.joining(
                                ", ", "Name a recipe file, or one that ships: ", ""))));
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  /** Returns the project that names the tensor library and its version. */
  Path enginePom() {
    return trainer().resolve("pom.xml");
  }

  /** Returns the version of the tensor library. */
  String engineVersion() {
    Path pom = enginePom();
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      Node at = factory.newDocumentBuilder().parse(pom.toFile()).getDocumentElement();
      for (Node child = at.getFirstChild(); child != null; child = child.getNextSibling()) {
        if (child.getNodeName().equals("version")) {
          return child.getTextContent().strip();
        }
      }
      throw TrainingException.invalid(pom, "it has no version", "Unpack the distribution again");
    } catch (IOException e) {
      throw TrainingException.invalid(
          pom, FileError.reading(pom, e).found(), "Unpack the distribution again", e);
    } catch (ParserConfigurationException | SAXException e) {
      throw TrainingException.invalid(
          pom, "it is no XML (%s)".formatted(e.getMessage()), "Unpack the distribution again", e);
    }
  }
}
