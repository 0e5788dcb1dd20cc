package org.llavamed.command.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectJson;
import org.llavamed.imaging.ObjectListing;

/** The commands dump and json. The stand-ins read text files: what begins with "bad" is broken. */
class DumpCommandTest {
  @TempDir Path folder;

  private Console console;

  private static String text(Path file) {
    try {
      String text = Files.readString(file);
      if (text.startsWith("bad")) {
        throw ImagingException.damaged(file, "no DICOM object", "Name a DICOM file");
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class FakeListing implements ObjectListing {
    @Override
    public void list(Path file, boolean whole, Consumer<Line> sink) {
      String value = text(file);
      sink.accept(
          new Line(0, "(0010,0010)", "PN", "[" + value + "]", value.length(), 1, "PatientName"));
      sink.accept(new Line(0, "(0008,1140)", "SQ", "1 item", -1, 1, "ReferencedImageSequence"));
      sink.accept(new Line(1, "(FFFE,E000)", "", "item 1", -1, 1, ""));
      sink.accept(new Line(2, "(0028,0010)", "US", whole ? "512" : "5...", 2, 1, "Rows"));
    }

    @Override
    public List<List<String>> select(Path file, List<String> selectors) {
      if (selectors.contains("Nonsense")) {
        throw new IllegalArgumentException("'Nonsense' is neither a tag nor a keyword of PS3.6");
      }
      String value = text(file);
      return selectors.stream()
          .map(selector -> selector.equals("Absent") ? List.<String>of() : List.of(value, selector))
          .toList();
    }

    @Override
    public void checkSelector(String selector) {
      FakeDocuments.checkSelector(selector);
    }
  }

  private static final class FakeJson implements ObjectJson {
    @Override
    public void write(Path file, Form form, Writer out) throws IOException {
      out.write("{\"%s\":%s%s}".formatted(text(file), form.inline(), form.pretty() ? "\n" : ""));
    }

    @Override
    public void read(Path json, Path target) {
      try {
        Files.writeString(target, "made of " + text(json));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @BeforeEach
  void start() {
    var in = new ByteArrayInputStream("piped".getBytes(StandardCharsets.UTF_8));
    var bad = new ByteArrayInputStream("bad".getBytes(StandardCharsets.UTF_8));
    console =
        new Console()
            .with("dicom", () -> new DumpCommand(new FakeListing(), in))
            .with("dicom", () -> new JsonCommand(new FakeJson(), bad));
  }

  private String write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text).toString();
  }

  @Test
  void anElementIsALineAndNothingInItSteersTheTerminal() throws Exception {
    assertThat(console.run("dicom", "dump", write("a", "Doe\u001b[2J\r\u202eJane"))).isZero();
    assertThat(console.out())
        .isEqualTo(
            """
            (0010,0010) PN [Doe?[2J ?Jane]                              # 13, 1 PatientName
            (0008,1140) SQ 1 item                                       # -, 1 ReferencedImageSequence
              (FFFE,E000) item 1
                (0028,0010) US 5...                                     # 2, 1 Rows
            """);
    assertThat(console.err()).isEmpty();
  }

  @Test
  void valuesAreWholeOnRequest() throws Exception {
    assertThat(console.run("dicom", "dump", "--long", write("a", "x"))).isZero();
    assertThat(console.out()).contains("US 512 ");
  }

  @Test
  void severalFilesAreNamedAndBrokenOnesGoToStandardError() throws Exception {
    String good = write("in/a", "x");
    String bad = write("in/b", "bad");
    String missing = folder.resolve("missing").toString();
    assertThat(console.run("dicom", "dump", folder.resolve("in").toString(), missing)).isEqualTo(1);
    assertThat(console.out()).startsWith("# " + good + "\n(0010,0010) PN [x] ");
    assertThat(console.out().lines().filter(line -> line.startsWith("#"))).hasSize(1);
    assertThat(console.err().lines())
        .containsExactly(
            "llavamed: " + bad + ": no DICOM object. Name a DICOM file.",
            "llavamed: " + missing + ": there is no such file. Check the path.");
  }

  @Test
  void aFolderWithoutFilesIsSaidToBeEmpty() {
    assertThat(console.run("dicom", "dump", folder.toString())).isZero();
    assertThat(console.err()).isEqualTo("llavamed: there is no file in what was named.\n");
  }

  @Test
  void ofSelectedAttributesTheValuesAloneArePrinted() throws Exception {
    String a = write("a", "x\ny");
    assertThat(console.run("dicom", "dump", "--tag", "Rows", "--tag", "Absent", a, a)).isZero();
    assertThat(console.out()).isEqualTo("x y\nRows\n\nx y\nRows\n\n");
  }

  @Test
  void anUnknownAttributeIsAUsageError() throws Exception {
    assertThat(console.run("dicom", "dump", "--tag", "Nonsense", write("a", "x"))).isEqualTo(2);
    assertThat(console.err())
        .startsWith("llavamed: --tag: 'Nonsense' is neither a tag nor a keyword of PS3.6.\n");
  }

  @Test
  void standardInputIsReadAndNotCalledByItsTemporaryName() {
    assertThat(console.run("dicom", "dump", "-")).isZero();
    assertThat(console.out()).startsWith("(0010,0010) PN [piped]");
    assertThat(console.run("dicom", "json", "-")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo("llavamed: standard input: no DICOM object. Name a DICOM file.\n");
  }

  @Test
  void oneFileIsAnObjectAndAFolderAnArray() throws Exception {
    String a = write("in/a", "x");
    write("in/b", "bad");
    write("in/c", "y");
    assertThat(console.run("dicom", "json", a)).isZero();
    assertThat(console.out()).isEqualTo("{\"x\":false\n}\n");
    String in = folder.resolve("in").toString();
    assertThat(console.run("dicom", "json", "--inline", in)).isEqualTo(1);
    assertThat(console.out()).isEqualTo("[{\"x\":true\n},\n{\"y\":true\n}]\n");
    assertThat(console.run("dicom", "json", "--lines", in)).isEqualTo(1);
    assertThat(console.out()).isEqualTo("{\"x\":false}\n{\"y\":false}\n");
    write("empty/bad", "bad");
    assertThat(console.run("dicom", "json", folder.resolve("empty").toString())).isEqualTo(1);
    assertThat(console.out()).isEqualTo("[]\n");
  }

  @Test
  void reverseWritesAFile() throws Exception {
    Path target = folder.resolve("out.dcm");
    String a = write("a", "x");
    assertThat(console.run("dicom", "json", "--reverse", a, "-o", target.toString())).isZero();
    assertThat(target).hasContent("made of x");
    assertThat(console.run("dicom", "json", "--reverse", a)).isEqualTo(2);
    assertThat(console.err())
        .startsWith("llavamed: --reverse goes with --output: name the DICOM file to write.\n");
    assertThat(console.run("dicom", "json", "--inline", a, "-o", "a.json")).isEqualTo(2);
    assertThat(console.err())
        .startsWith(
            "llavamed: --output is the DICOM file of --reverse. JSON goes to standard output: leave"
                + " --output out and put '> a.json' behind.\n");
    assertThat(console.run("dicom", "json", "--reverse", a, a, "-o", target.toString()))
        .isEqualTo(2);
    assertThat(console.err()).startsWith("llavamed: --reverse reads one JSON file: name one.\n");
    String bad = write("b", "bad");
    assertThat(console.run("dicom", "json", "--reverse", bad, "-o", target.toString()))
        .isEqualTo(1);
    assertThat(console.err())
        .isEqualTo("llavamed: " + bad + ": no DICOM object. Name a DICOM file.\n");
  }
}
