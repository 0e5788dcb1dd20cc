import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * Writes Tag.java and Uids.java from the tables elements.tsv and uids.tsv. Run by the build as a
 * single source file: {@code java ConstantsGenerator.java TABLES SOURCES}.
 */
public final class ConstantsGenerator {
  private static final String PACKAGE = "org.llavamed.dicom";

  private ConstantsGenerator() {}

  public static void main(String[] arguments) throws IOException {
    Path tables = Path.of(arguments[0]);
    Path folder = Path.of(arguments[1]).resolve(PACKAGE.replace('.', '/'));
    Files.createDirectories(folder);
    write(
        folder,
        "Tag",
        "Tags of the data elements of PS3.6, named by their keywords.",
        tables.resolve("elements.tsv"),
        ConstantsGenerator::tag);
    write(
        folder,
        "Uids",
        "Unique identifiers of PS3.6 annex A, named by their keywords.",
        tables.resolve("uids.tsv"),
        ConstantsGenerator::uid);
  }

  /** Columns: tag, vr, vm, keyword, name, retired. Repeating groups have no single tag. */
  private static String tag(String[] row) {
    if (row[0].indexOf('x') >= 0 || row[3].isEmpty()) {
      return "";
    }
    String comment =
        "(%s,%s) %s, VR %s, VM %s"
            .formatted(row[0].substring(0, 4), row[0].substring(4), row[4], row[1], row[2]);
    return constant("int", row[3], "0x" + row[0], comment, row[5]);
  }

  /** Columns: uid, name, type, keyword, retired. */
  private static String uid(String[] row) {
    if (row[3].isEmpty()) {
      return "";
    }
    return constant("String", row[3], '"' + row[0] + '"', row[1] + " (" + row[2] + ")", row[4]);
  }

  private static String constant(
      String type, String keyword, String value, String comment, String retired) {
    String text = comment.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    return "  /** %s%s. */%n  public static final %s %s = %s;%n%n"
        .formatted(text, retired.isEmpty() ? "" : "; retired", type, keyword, value);
  }

  private static void write(
      Path folder, String name, String comment, Path table, Function<String[], String> constant)
      throws IOException {
    List<String> lines = Files.readAllLines(table);
    StringBuilder source = new StringBuilder();
    source.append("// Generated from ").append(table.getFileName()).append(": do not edit.\n");
    source.append("package ").append(PACKAGE).append(";\n\n");
    source.append("/** ").append(comment).append(" */\n");
    source.append("public final class ").append(name).append(" {\n");
    for (String line : lines.subList(1, lines.size())) {
      source.append(constant.apply(line.split("\t", -1)));
    }
    source.append("  private ").append(name).append("() {}\n}\n");
    Path file = folder.resolve(name + ".java");
    if (!Files.exists(file) || !Files.readString(file).contentEquals(source)) {
      Files.writeString(file, source);
    }
  }
}
