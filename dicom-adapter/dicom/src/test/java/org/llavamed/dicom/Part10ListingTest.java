package org.llavamed.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectListing.Line;

class Part10ListingTest {
  private static final Path DCMDUMP = Path.of("/usr/bin/dcmdump");
  private static final Pattern ELEMENT =
      Pattern.compile(
          "^ *\\(([0-9a-f]{4}),([0-9a-f]{4})\\) (..) (.*)# +([0-9]+|u/l), *([0-9]+) (\\S+)$");

  /** Even groups but for delimiters, and all value representations of PS3.5 but UN. */
  private static final Pattern COMPARED =
      Pattern.compile("(?!fffe)[0-9a-f]{3}[02468ace](?!UN)[A-Z]{2}");

  @TempDir Path folder;

  private final Part10Listing listing = new Part10Listing();

  private Path file(DataSet dataSet) {
    dataSet
        .putString(Tag.SOPClassUID, Vr.UI, Uids.CTImageStorage)
        .putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3");
    Path file = folder.resolve("a.dcm");
    Part10Writer.write(dataSet, Uids.ExplicitVRLittleEndian, file);
    return file;
  }

  private List<Line> lines(Path file, boolean whole) {
    List<Line> lines = new ArrayList<>();
    listing.list(file, whole, lines::add);
    return lines;
  }

  @Test
  void aWholeListingIsRefusedThatWouldNotFit() {
    DataSet inner = new DataSet().putBytes(0x00091001, Vr.OB, new byte[60]);
    Path file =
        file(new DataSet().putBytes(0x00091002, Vr.OB, new byte[60]).putItems(0x00091003, inner));
    Part10Listing small = new Part10Listing(150);
    small.list(file, false, line -> {});
    assertThatThrownBy(() -> small.list(file, true, line -> {}))
        .isInstanceOf(ImagingException.class)
        .hasMessage(
            file
                + ", (0009,1001): Listing more than 150 bytes of values is not supported. Leave"
                + " --long out, or give the JVM more memory (-Xmx).");
    new Part10Listing(200).list(file, true, line -> {});
  }

  @Test
  void anElementHasItsTagVrValueLengthMultiplicityAndKeyword() {
    Path file =
        file(
            new DataSet()
                .putString(Tag.ImageType, Vr.CS, "ORIGINAL", "PRIMARY")
                .putInts(Tag.Rows, Vr.US, 512)
                .putString(0x00090010, Vr.LO, "ACME")
                .putBytes(0x00091001, Vr.UN, new byte[] {1, 2})
                .putEmpty(Tag.PatientName, Vr.PN));
    assertThat(lines(file, false))
        .contains(
            new Line(
                0,
                "(0002,0010)",
                "UI",
                "[1.2.840.10008.1.2.1] Explicit VR Little Endian",
                20,
                1,
                "TransferSyntaxUID"),
            new Line(0, "(0008,0008)", "CS", "[ORIGINAL\\PRIMARY]", 16, 2, "ImageType"),
            new Line(0, "(0009,0010)", "LO", "[ACME]", 4, 1, "PrivateCreator"),
            new Line(0, "(0009,1001)", "UN", "01 02", 2, 1, "Private"),
            new Line(0, "(0010,0010)", "PN", "[]", 0, 0, "PatientName"),
            new Line(0, "(0028,0010)", "US", "512", 2, 1, "Rows"));
  }

  @Test
  void itemsOfSequencesAreDeeperThanTheirSequence() {
    DataSet inner = new DataSet().putString(Tag.ReferencedSOPInstanceUID, Vr.UI, "1.9");
    Path file = file(new DataSet().putItems(Tag.ReferencedImageSequence, inner));
    assertThat(lines(file, false))
        .containsSubsequence(
            new Line(0, "(0008,1140)", "SQ", "1 item", -1, 1, "ReferencedImageSequence"),
            new Line(1, "(FFFE,E000)", "", "item 1", -1, 1, ""),
            new Line(2, "(0008,1155)", "UI", "[1.9]", 4, 1, "ReferencedSOPInstanceUID"));
  }

  @Test
  void longValuesAreCutUnlessTheyAreWantedWhole() {
    String comment = "x".repeat(100);
    Path file =
        file(
            new DataSet()
                .putString(Tag.PatientComments, Vr.LT, comment)
                .putBytes(0x00091001, Vr.OB, new byte[20]));
    assertThat(lines(file, false).stream().map(Line::value))
        .contains("[" + "x".repeat(64) + "...]", "00 ".repeat(16) + "...");
    assertThat(lines(file, true).stream().map(Line::value))
        .contains("[" + comment + "]", "00 ".repeat(20).strip());
  }

  @Test
  void pixelDataIsSummarised() {
    DataSet dataSet = new DataSet().putBytes(Tag.PixelData, Vr.OW, new byte[8]);
    dataSet.putBytes(Tag.DataSetTrailingPadding, Vr.OB, new byte[2]);
    List<Line> lines = lines(file(dataSet), true);
    assertThat(lines.subList(lines.size() - 2, lines.size()))
        .containsExactly(
            new Line(0, "(7FE0,0010)", "OW", "native", 8, 1, "PixelData"),
            new Line(0, "(FFFC,FFFC)", "OB", "00 00", 2, 1, "DataSetTrailingPadding"));
    DataSet encapsulated =
        new DataSet()
            .putString(Tag.SOPClassUID, Vr.UI, Uids.CTImageStorage)
            .putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3")
            .putFragments(Tag.PixelData, List.of(ByteBuffer.allocate(4), ByteBuffer.allocate(6)));
    Path file = folder.resolve("b.dcm");
    Part10Writer.write(encapsulated, Uids.RLELossless, file);
    assertThat(lines(file, false))
        .contains(
            new Line(0, "(7FE0,0010)", "OB", "encapsulated, 2 fragments", 10, 1, "PixelData"));
  }

  @Test
  void selectorsAreTagsKeywordsAndPathsThroughAllItems() {
    DataSet one = new DataSet().putString(Tag.ReferencedSOPInstanceUID, Vr.UI, "1.9");
    DataSet two = new DataSet().putString(Tag.ReferencedSOPInstanceUID, Vr.UI, "1.10");
    Path file =
        file(
            new DataSet()
                .putString(Tag.ImageType, Vr.CS, "ORIGINAL", "PRIMARY")
                .putItems(Tag.ReferencedImageSequence, one, new DataSet(), two)
                .putBytes(Tag.PixelData, Vr.OW, new byte[8]));
    assertThat(
            listing.select(
                file,
                List.of(
                    "00080008",
                    "0008,0018",
                    "(0008,0018)",
                    "TransferSyntaxUID",
                    "PatientName",
                    "ReferencedImageSequence",
                    "ReferencedImageSequence.ReferencedSOPInstanceUID",
                    "PixelData")))
        .containsExactly(
            List.of("ORIGINAL\\PRIMARY"),
            List.of("1.2.3"),
            List.of("1.2.3"),
            List.of(Uids.ExplicitVRLittleEndian),
            List.of(),
            List.of("3 items"),
            List.of("1.9", "1.10"),
            List.of("8 bytes"));
  }

  @Test
  void aSelectorThatIsNeitherTagNorKeywordIsNamed() {
    listing.checkSelector("(0008,103e)");
    assertThatThrownBy(() -> listing.checkSelector("PatientsName"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'PatientsName' is neither a tag nor a keyword of PS3.6");
    assertThatThrownBy(() -> listing.select(file(new DataSet()), List.of("PatientsName")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'PatientsName' is neither a tag nor a keyword of PS3.6");
  }

  /**
   * Every standard element that dcmdump lists is listed, in its order, with the same value
   * representation, length and number of values. Those whose value holds a line break, and those
   * that dcmdump shows as UN or with its own sign up, are not compared.
   */
  @Test
  void standardElementsAreThoseThatDcmdumpLists() throws IOException {
    if (!Files.exists(DCMDUMP)) {
      System.out.println("SKIPPED: " + DCMDUMP + " is not there (Debian package dcmtk)");
    }
    assumeTrue(Files.exists(DCMDUMP));
    Map<String, String> different = new TreeMap<>();
    int compared = 0;
    for (SharedData.Row row : SharedData.rows()) {
      List<String> ours = new ArrayList<>();
      try {
        listing.list(row.file(), false, line -> add(ours, line));
      } catch (ImagingException e) {
        continue;
      }
      int next = 0;
      for (String their : dcmdump(row.file())) {
        int found = ours.subList(next, ours.size()).indexOf(their);
        if (found < 0) {
          different.putIfAbsent(row.path(), their);
        } else {
          next += found + 1;
          compared++;
        }
      }
    }
    System.out.println("Elements as in dcmdump: " + compared + ", different: " + different);
    assertThat(different).isEmpty();
    assertThat(compared).isGreaterThan(15_000);
  }

  private static void add(List<String> lines, Line line) {
    if (!line.vr().isEmpty()) {
      lines.add(
          element(
              line.tag().substring(1, 10).toLowerCase(Locale.ROOT),
              line.vr(),
              line.length() + "," + line.multiplicity()));
    }
  }

  private static String element(String tag, String vr, String size) {
    boolean bulk = vr.startsWith("O") || vr.equals("SQ");
    boolean empty = size.startsWith("0,");
    return tag + " " + (bulk ? vr.replaceAll("O.", "bulk") : vr + " " + (empty ? "0" : size));
  }

  private static List<String> dcmdump(Path file) throws IOException {
    Process process =
        new ProcessBuilder(DCMDUMP.toString(), "-q", "+L", file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    List<String> lines = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      Matcher matcher = ELEMENT.matcher(line);
      if (matcher.matches() && COMPARED.matcher(matcher.group(1) + matcher.group(3)).matches()) {
        String tag = matcher.group(1) + "," + matcher.group(2);
        lines.add(element(tag, matcher.group(3), matcher.group(5) + "," + matcher.group(6)));
      }
    }
    return lines;
  }
}
