package org.llavamed.command.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.deidentification.Deidentifier.Identity;
import org.llavamed.deidentification.Deidentifier.Outcome;
import org.llavamed.deidentification.Policy;
import org.llavamed.deidentification.ProfileOption;
import org.llavamed.imaging.ImagingException;

/** The stand-in writes a file by the name of the original; what begins with "bad" is broken. */
class AnonymizeCommandTest {
  @TempDir Path folder;

  private final List<Policy> policies = new ArrayList<>();
  private Console console;
  private Path out;

  @BeforeEach
  void start() {
    out = folder.resolve("out");
    console = new Console().with("dicom", () -> new AnonymizeCommand(this::deidentify));
  }

  private Outcome deidentify(Path file, Path target, Policy policy) {
    policies.add(policy);
    try {
      String text = Files.readString(file);
      if (text.startsWith("bad")) {
        throw ImagingException.damaged(file, "no DICOM object", "Name a DICOM file");
      }
      if (text.startsWith("odd")) {
        throw new IllegalArgumentException("Miller");
      }
      return new Outcome(
          target.resolve(file.getFileName() + ".dcm"),
          new Identity(text, "1.1", "1.2", "1.3"),
          new Identity("P1", "2.1", "2.2", "2.3"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text).toString();
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("dicom", "anonymize"));
    all.addAll(List.of(arguments));
    return console.run(all.toArray(String[]::new));
  }

  @Test
  void eachFileIsALineAndBrokenOnesGoToStandardError() throws Exception {
    String good = write("in/a", "x");
    String bad = write("in/b", "bad");
    assertThat(run(folder.resolve("in").toString(), "-o", out.toString())).isEqualTo(1);
    assertThat(console.out()).isEqualTo(good + "\t" + out.resolve("a.dcm") + "\n");
    assertThat(console.err())
        .isEqualTo("llavamed: " + bad + ": no DICOM object. Name a DICOM file.\n");
    assertThat(policies.get(0).options()).isEmpty();
    assertThat(policies.get(0).pixelsChecked()).isFalse();
  }

  @Test
  void allFilesAreWrittenWhereNobodyReadsTheirNames() throws Exception {
    write("in/a", "x");
    write("in/b", "x");
    assertThat(
            console.runUnread(
                "dicom", "anonymize", folder.resolve("in").toString(), "-o", out.toString()))
        .isZero();
    assertThat(policies).hasSize(2);
  }

  @Test
  void optionsAreNamedByLabelOrCode() throws Exception {
    String file = write("a", "x");
    assertThat(
            run(
                file,
                "-o",
                out.toString(),
                "--pixels-checked",
                "--option",
                "retain-uids",
                "--option",
                "113103",
                "--salt",
                "sixteen letters!"))
        .isZero();
    assertThat(policies.get(0).options())
        .isEqualTo(Set.of(ProfileOption.RETAIN_UIDS, ProfileOption.CLEAN_GRAPHICS));
    assertThat(policies.get(0).pixelsChecked()).isTrue();
    assertThat(policies.get(0).secret().bytes())
        .isEqualTo("sixteen letters!".getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--option clean-pixel-data|Clean Pixel Data Option (113101) is not supported: pixels are not"
            + " changed. Clean them with another program.",
        "--option 113102|Clean Recognizable Visual Features Option (113102) is not supported: pixels"
            + " are not changed. Clean them with another program.",
        "--option retain-full-dates --option 113107|dates are either retained in full (113106) or"
            + " modified (113107): choose one.",
        "--salt short|the secret has 5 bytes, expected at least 16.",
        "--salt sixteen+letters! --key-file k|--key-file and --salt are two secrets: give one."
      })
  void whatCannotBeIsAUsageErrorAndNothingIsDone(String arguments, String message)
      throws Exception {
    List<String> all = new ArrayList<>(List.of(write("a", "x"), "-o", out.toString()));
    all.addAll(List.of(arguments.split(" ", -1)));
    assertThat(run(all.toArray(String[]::new))).isEqualTo(2);
    assertThat(console.err()).startsWith("llavamed: " + message + "\n");
    assertThat(policies).isEmpty();
  }

  @Test
  void anUnknownOptionIsAUsageError() throws Exception {
    assertThat(run(write("a", "x"), "-o", out.toString(), "--option", "nonsense")).isEqualTo(2);
    assertThat(console.err())
        .startsWith("llavamed: --option 'nonsense' is unknown. Choose of clean-graphics, ");
  }

  @Test
  void theSecretComesFromTheKeyFile() throws Exception {
    String key = write("key", "0123456789abcdef");
    assertThat(run(write("a", "x"), "-o", out.toString(), "--key-file", key)).isZero();
    assertThat(policies.get(0).secret().bytes()).hasSize(16);
    assertThat(run(write("a", "x"), "-o", out.toString(), "--key-file", key + "x")).isEqualTo(2);
    assertThat(console.err())
        .startsWith("llavamed: --key-file " + key + "x: there is no such file. Check the path.\n");
  }

  @Test
  void copiesDoNotGoAmongTheOriginals() throws Exception {
    write("in/a", "x");
    String in = folder.resolve("in").toString();
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("in"));
    for (String target : List.of(in, in + "/below", link + "/below")) {
      assertThat(run(in, "-o", target)).isEqualTo(2);
      assertThat(console.err())
          .startsWith(
              "llavamed: --output "
                  + target
                  + " lies within "
                  + in
                  + ": choose a folder outside.\n");
    }
    assertThat(run(in, "-o", write("file", "x"))).isEqualTo(2);
    assertThat(policies).isEmpty();
  }

  @Test
  void anUnexpectedErrorIsThatOfOneFile() throws Exception {
    String odd = write("in/a", "odd");
    String good = write("in/b", "x");
    assertThat(run(folder.resolve("in").toString(), "-o", out.toString())).isEqualTo(1);
    assertThat(console.out()).isEqualTo(good + "\t" + out.resolve("b.dcm") + "\n");
    assertThat(console.err())
        .isEqualTo(
            "llavamed: "
                + odd
                + ": de-identification failed unexpectedly (IllegalArgumentException). Report this"
                + " as an error of the program.\n");
  }

  @Test
  void withoutASecretCopiesAreNotMadeAmongThoseOfAnotherRun() throws Exception {
    String file = write("in/a", "x");
    write("out/2.25.1.dcm", "copy");
    assertThat(run(file, "-o", out.toString())).isEqualTo(2);
    assertThat(console.err())
        .startsWith(
            "llavamed: --output " + out + " holds copies already, and without their secret");
    assertThat(policies).isEmpty();
    assertThat(run(file, "-o", out.toString(), "--salt", "sixteen letters!")).isZero();
  }

  @Test
  void originalsDoNotLieAmongTheCopies() throws Exception {
    String file = write("in/below/a", "x");
    String below = folder.resolve("in/below").toString();
    String in = folder.resolve("in").toString();
    for (List<String> pair : List.of(List.of(file, below), List.of(file, in), List.of(below, in))) {
      assertThat(run(pair.get(0), "-o", pair.get(1))).isEqualTo(2);
      assertThat(console.err())
          .startsWith(
              "llavamed: %s lies within --output %s: choose another folder.\n"
                  .formatted(pair.get(0), pair.get(1)));
    }
    assertThat(policies).isEmpty();
  }

  @Test
  void theTableDoesNotLieAmongTheCopies() throws Exception {
    String map = out.resolve("map.csv").toString();
    assertThat(run(write("in/a", "x"), "-o", out.toString(), "--map", map)).isEqualTo(2);
    assertThat(console.err())
        .startsWith(
            "llavamed: --map %s lies within --output %s: keep it apart from the copies.\n"
                .formatted(map, out));
    assertThat(policies).isEmpty();
  }

  @Test
  void theTableIsForItsOwnerAloneAndWrittenOnRequest() throws Exception {
    String file = write("in/a", "=cmd \"x\"");
    Path map = folder.resolve("map.csv");
    assertThat(run(file, "-o", out.toString(), "--map", map.toString())).isZero();
    assertThat(Files.getPosixFilePermissions(map))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(Files.readString(map))
        .isEqualTo(
            "\"file\",\"new file\",\"patient\",\"new patient\",\"study\",\"new study\",\"series\","
                + "\"new series\",\"instance\",\"new instance\"\r\n\""
                + file
                + "\",\""
                + out.resolve("a.dcm")
                + "\",\"'=cmd \"\"x\"\"\",\"P1\",\"1.1\",\"2.1\",\"1.2\",\"2.2\",\"1.3\",\"2.3\"\r\n");
    assertThat(run(file, "-o", out.toString(), "--map", map.toString())).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo("llavamed: " + map + ": the file exists. Name a new file for --map.\n");
  }
}
