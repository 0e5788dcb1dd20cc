package org.llavamed.deidentify.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.deidentification.Policy;
import org.llavamed.deidentification.ProfileOption;
import org.llavamed.deidentification.ProjectSecret;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Part10Object;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.ImagingException;

/** De-identifies the shared files, where they are present. */
class SharedFilesTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("shared.data", "shared.data"), "dicom");
  private static final Path DCIODVFY = Path.of("/usr/bin/dciodvfy");
  private static final int[] PIXELS = {Tag.PixelData, Tag.FloatPixelData, Tag.DoubleFloatPixelData};

  @TempDir Path folder;

  private static List<String[]> rows() throws IOException {
    Path index = FOLDER.resolve("INDEX.tsv");
    if (!Files.exists(index)) {
      System.out.println("SKIPPED: the shared files are not in " + FOLDER);
    }
    assumeTrue(Files.exists(index));
    return Files.readAllLines(index).stream().skip(1).map(line -> line.split("\t", -1)).toList();
  }

  private Path copy(Path file, ProfileOption... options) {
    ProjectSecret secret = ProjectSecret.of("a secret for tests".getBytes(StandardCharsets.UTF_8));
    Path out = folder.resolve(file.getFileName() + "-" + options.length);
    return new ProfileDeidentifier()
        .deidentify(file, out, new Policy(Set.of(options), secret, true))
        .file();
  }

  /** What identifies the patient is in no value of the copy, and the pixels are the same. */
  @Test
  void copiesHaveTheirPixelsAndNoIdentifier() throws IOException {
    Map<String, String> wrong = new TreeMap<>();
    Map<String, String> refused = new TreeMap<>();
    int copied = 0;
    for (String[] row : rows()) {
      Path file = FOLDER.resolve(row[1]);
      Path copy;
      try {
        copy = copy(file);
      } catch (ImagingException e) {
        refused.put(row[1], String.valueOf(e.getMessage()).replace(file.toString(), ""));
        continue;
      }
      copied++;
      Part10Object before = new Part10Reader().read(file);
      Part10Object after = new Part10Reader().read(copy);
      if (!after.transferSyntaxUid().equals(before.transferSyntaxUid())
          || !pixels(after).equals(pixels(before))) {
        wrong.put(row[1], "other pixels");
      }
      identifier(before.attributes(), Files.readAllBytes(copy))
          .ifPresent(found -> wrong.put(row[1], found));
    }
    System.out.println("De-identified: " + copied + ", refused: " + refused);
    assertThat(wrong).isEmpty();
    assertThat(copied).isGreaterThan(130);
  }

  private static DataSet pixels(Part10Object object) {
    return new DataSet().copyFrom(object.whole(), PIXELS);
  }

  private static Optional<String> identifier(DataSet before, byte[] copy) {
    String raw = new String(copy, StandardCharsets.ISO_8859_1);
    return Stream.of(
            Tag.PatientName,
            Tag.PatientID,
            Tag.StudyInstanceUID,
            Tag.SeriesInstanceUID,
            Tag.SOPInstanceUID,
            Tag.InstitutionName,
            Tag.ReferringPhysicianName)
        .flatMap(tag -> before.strings(tag).stream())
        .filter(value -> value.length() > 7 && Dictionary.uid(value).isEmpty())
        .filter(raw::contains)
        .findFirst();
  }

  /** Files that no checker of IODs knows what to make of, or of no use to it, are left out. */
  @Test
  void dciodvfyFindsNoNewErrorInCopies() throws IOException {
    if (!Files.exists(DCIODVFY)) {
      System.out.println("SKIPPED: " + DCIODVFY + " is not there (Debian package dicom3tools)");
    }
    assumeTrue(Files.exists(DCIODVFY));
    Map<String, Set<String>> found = new TreeMap<>();
    int compared = 0;
    for (String[] row : rows()) {
      if (!Set.of("CT", "MR", "SR", "PT", "PR", "US", "KO").contains(row[4])) {
        continue;
      }
      Path file = FOLDER.resolve(row[1]);
      for (ProfileOption[] options :
          List.of(
              new ProfileOption[0],
              new ProfileOption[] {
                ProfileOption.CLEAN_STRUCTURED_CONTENT,
                ProfileOption.CLEAN_DESCRIPTORS,
                ProfileOption.CLEAN_GRAPHICS,
                ProfileOption.RETAIN_MODIFIED_DATES
              })) {
        Set<String> errors;
        try {
          errors = errors(copy(file, options));
        } catch (ImagingException e) {
          continue;
        }
        errors.removeAll(errors(file));
        compared++;
        if (!errors.isEmpty()) {
          found.put(row[1] + " " + options(options), errors);
        }
      }
    }
    System.out.println("Compared by dciodvfy: " + compared + ", new errors: " + found);
    assertThat(found).isEmpty();
    assertThat(compared).isGreaterThan(80);
  }

  private static Set<ProfileOption> options(ProfileOption... options) {
    EnumSet<ProfileOption> set = EnumSet.noneOf(ProfileOption.class);
    set.addAll(List.of(options));
    return set;
  }

  private static Set<String> errors(Path file) throws IOException {
    Process process =
        new ProcessBuilder(DCIODVFY.toString(), file.toString()).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    List<String> errors = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      if (line.startsWith("Error")) {
        errors.add(
            line.replaceAll("<[^>]*>", "<>").replaceAll("InstanceUID [0-9.]+", "InstanceUID"));
      }
    }
    return new TreeSet<>(errors);
  }
}
