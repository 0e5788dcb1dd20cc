package org.llavamed.command.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.command.internal.StoredValues.Shape;
import org.llavamed.imaging.SampleType;

class PixelsCommandTest {
  @TempDir Path folder;

  private Console console;

  @BeforeEach
  void start() {
    console =
        new Console()
            .with("dicom", () -> new PixelsCommand(FakeImaging::read, FakeImaging::decode));
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static String sha256(byte... bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void aFileIsOneLineWithTheValuesOfAllFrames() throws Exception {
    Path file = write("a", "dicom INT16 2 1 -5,300,7");
    assertThat(console.run("dicom", "pixels", file.toString())).isZero();
    var values = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : new int[] {-5, 300, 7, -4, 301, 8}) {
      values.putShort((short) value);
    }
    assertThat(console.out())
        .isEqualTo("%s\t2x1x3\tint16\t-5\t301\t%s\n".formatted(file, sha256(values.array())));
    assertThat(console.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'UINT8 1 3 1,2,255', 1x1x3, uint8, 1, 255",
    "'INT8 1 1 -128,127', 1x2, int8, -128, 127",
    "'UINT16 1 1 0,65535', 1x2, uint16, 0, 65535",
    "'UINT32 1 1 1,4294967295', 1x2, uint32, 1, 4294967295",
    "'INT32 1 1 -2147483648,5', 1x2, int32, -2147483648, 5",
    "'FLOAT64 1 1 0,0.9415791875855773', 1x2, float64, 0.0, 0.9415791875855773",
    "'FLOAT32 1 1 -0.5,NaN', 1x2, float32, nan, nan",
    "'FLOAT64 1 1 Infinity,-Infinity', 1x2, float64, -inf, inf"
  })
  void typesShapesAndRangesAreThoseOfNumPy(
      String text, String shape, String type, String min, String max) throws Exception {
    Path file = write("a", "dicom " + text);
    assertThat(console.run("dicom", "pixels", file.toString())).isZero();
    assertThat(console.out())
        .startsWith(String.join("\t", file.toString(), shape, type, min, max) + "\t");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0",
    "-0.0, -0.0",
    "1, 1.0",
    "-2.5, -2.5",
    "0.1, 0.1",
    "2e-3, 0.002",
    "0.0001, 0.0001",
    "0.00001, 1e-05",
    "-1.5e-7, -1.5e-07",
    "123456789012345.6, 123456789012345.6",
    "1e15, 1000000000000000.0",
    "1e16, 1e+16",
    "1.7976931348623157e308, 1.7976931348623157e+308",
    "4.9e-324, 5e-324",
    "2e-310, 2e-310",
    "9007199254740993, 9007199254740992.0"
  })
  void floatingPointNumbersArePrintedAsPythonDoes(double value, String text) {
    assertThat(StoredValues.text(value)).isEqualTo(text);
  }

  @Test
  void foldersAreReadWithEverythingBelowAndBadFilesAreNamed() throws Exception {
    Path good = write("in/b/good", "dicom UINT8 1 1 1");
    Path text = write("in/a/text", "hello");
    Path empty = write("in/c", "dicom");
    Path unsupported = write("in/d", "dicom broken 1 1 1");
    Path uneven = write("in/e", "dicom UINT8 2 1 99,98");
    Files.createSymbolicLink(folder.resolve("in/b/up"), folder.resolve("in"));
    Path missing = folder.resolve("missing");
    assertThat(console.run("dicom", "pixels", folder.resolve("in").toString(), missing.toString()))
        .isEqualTo(1);
    assertThat(console.out())
        .isEqualTo(
            String.join(
                    "\n",
                    text + "\terror: no DICOM object. Name a DICOM file.",
                    good + "\t1x1\tuint8\t1\t1\t" + sha256((byte) 1),
                    empty + "\terror: the object has no pixels. Name an object with pixels.",
                    unsupported + "\terror: transfer syntax 1.2.3 is not supported. Decompress it.",
                    uneven
                        + "\terror: frame 2 is 1x1 uint8, frame 1 is 1x2 uint8. Export the object"
                        + " again.",
                    missing + "\terror: there is no such file. Check the path.")
                + "\n");
  }

  @Test
  void npyHoldsTheArray() throws Exception {
    Path file = write("a", "dicom UINT16 2 3 1,2,3");
    Path npy = folder.resolve("a.npy");
    assertThat(console.run("dicom", "pixels", "--npy", npy.toString(), file.toString())).isZero();
    var bytes = ByteBuffer.wrap(Files.readAllBytes(npy)).order(ByteOrder.LITTLE_ENDIAN);
    int header = bytes.getShort(8) & 0xFFFF;
    assertThat(bytes.get(0)).isEqualTo((byte) 0x93);
    assertThat(new String(bytes.array(), 1, 7, StandardCharsets.ISO_8859_1)).isEqualTo("NUMPY\1\0");
    assertThat((10 + header) % 64).isZero();
    assertThat(new String(bytes.array(), 10, header, StandardCharsets.US_ASCII))
        .startsWith("{'descr': '<u2', 'fortran_order': False, 'shape': (2, 1, 1, 3), }")
        .endsWith(" \n");
    bytes.position(10 + header);
    for (int value : new int[] {1, 2, 3, 2, 3, 4}) {
      assertThat(bytes.getShort()).isEqualTo((short) value);
    }
    assertThat(bytes.hasRemaining()).isFalse();
  }

  @Test
  void npyNamesTypesAsNumPyDoes() {
    assertThat(
            new String(
                NpyFile.header(new Shape(1, 2, 3, 1), SampleType.INT8), StandardCharsets.US_ASCII))
        .contains("'|i1'", "(2, 3)");
    assertThat(
            new String(
                NpyFile.header(new Shape(1, 2, 3, 1), SampleType.FLOAT64),
                StandardCharsets.US_ASCII))
        .contains("'<f8'");
  }

  @Test
  void aFileThatFailsLeavesNoArrayAndKeepsTheOldOne() throws Exception {
    Path file = write("in/a", "dicom UINT8 2 1 99,98");
    Path npy = write("out/a.npy", "old");
    assertThat(console.run("dicom", "pixels", "--npy", npy.toString(), file.toString()))
        .isEqualTo(1);
    assertThat(npy).hasContent("old");
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      assertThat(files).containsExactly(npy);
    }
  }

  @Test
  void npyOfAFolderOrOfSeveralFilesIsAUsageError() throws Exception {
    Path file = write("a", "dicom UINT8 1 1 1");
    for (String[] paths :
        new String[][] {{folder.toString()}, {file.toString(), file.toString()}}) {
      var arguments =
          Stream.concat(Stream.of("dicom", "pixels", "--npy", "x.npy"), Stream.of(paths));
      assertThat(console.run(arguments.toArray(String[]::new))).isEqualTo(2);
      assertThat(console.err())
          .isEqualTo(
              """
              llavamed: --npy writes the array of one file: name one PATH that is no folder.
              Try 'llavamed dicom pixels --help'.
              """);
    }
  }

  @Test
  void npyToAFolderIsAUsageErrorAndTheFolderStays() throws Exception {
    Path file = write("a", "dicom UINT8 1 1 1");
    Path target = Files.createDirectory(folder.resolve("target"));
    assertThat(console.run("dicom", "pixels", "--npy", target.toString(), file.toString()))
        .isEqualTo(2);
    assertThat(console.err())
        .startsWith("llavamed: --npy " + target + ": is a folder. Name a file to write.\n");
    assertThat(target).isDirectory();
  }

  @Test
  void anUnexpectedErrorOfOneFileIsNamedAndTheOthersAreDone() throws Exception {
    Path bug = write("in/a", "dicom bug 1 1 1");
    Path good = write("in/b", "dicom UINT8 1 1 1");
    assertThat(console.run("dicom", "pixels", folder.resolve("in").toString())).isEqualTo(1);
    assertThat(console.out().lines())
        .containsExactly(
            bug
                + "\terror: decoding failed unexpectedly (java.lang.IllegalStateException: a bug)."
                + " Report this as an error of the program.",
            good + "\t1x1\tuint8\t1\t1\t" + sha256((byte) 1));
  }

  @Test
  void anArrayThatCannotBeWrittenIsNamed() throws Exception {
    Path file = write("a", "dicom UINT8 1 1 1");
    Path npy = folder.resolve("nowhere/a.npy");
    assertThat(console.run("dicom", "pixels", "--npy", npy.toString(), file.toString()))
        .isEqualTo(1);
    assertThat(console.out())
        .isEqualTo(
            "%s\terror: %s: it cannot be written, since its folder is not there. Make the folder.\n"
                .formatted(file, npy));
  }
}
