package org.llavamed.data.internal;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Command;
import org.llavamed.command.ProgressDisplay;
import org.llavamed.command.Terminal;
import org.llavamed.command.Text;
import org.llavamed.data.Conversion;
import org.llavamed.data.Conversion.Report;
import org.llavamed.data.Conversion.Size;
import org.llavamed.data.Splits;
import org.llavamed.data.VqaLayout;
import org.llavamed.imaging.PictureReader;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** What all conversions of data sets take, and how they run. */
final class ConversionOptions {
  private static final int MOST_NAMED = 10;

  @Parameters(paramLabel = "SRC", description = "The data set's folder.")
  private Path source;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "The folder to make; must not exist or be empty.")
  private Path out;

  @Option(
      names = "--validation-share",
      paramLabel = "SHARE",
      defaultValue = "0.15",
      description =
          "Where the data set has no validation part: the share of its train pictures that makes"
              + " one (default: ${DEFAULT-VALUE}).")
  private double share;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  int run(VqaLayout layout, PictureReader reader, CommandLine line) {
    if (!Files.isDirectory(source)) {
      throw new ParameterException(
          line,
          "SRC %s: there is no such folder. Name the folder of the data set's files"
              .formatted(source));
    }
    if (!(share >= 0 && share < 1)) {
      throw new ParameterException(
          line, "--validation-share %s: expected 0 to below 1".formatted(share));
    }
    Report report;
    try (var progress = new ProgressDisplay(line.getErr(), Terminal.isPresent())) {
      report = new Conversion(layout, source, out, share).run(reader, progress);
    }
    if (json) {
      line.getOut().println(report.json());
    } else {
      print(report, line.getOut());
    }
    warn(report, line.getErr());
    return report.brokenPictures().isEmpty() ? Command.OK : Command.SOME_INPUT_FAILED;
  }

  private void print(Report report, PrintWriter output) {
    output.printf("%-20s %9s %10s %6s %7s%n", "part", "pictures", "questions", "open", "closed");
    for (Map.Entry<String, Size> part : report.parts().entrySet()) {
      Size size = part.getValue();
      output.printf(
          "%-20s %9d %10d %6d %7d%n",
          part.getKey(), size.pictures(), size.questions(), size.open(), size.closed());
    }
    int held = questions(report, Splits.VALIDATION);
    if (held > 0 && !report.official().containsKey(Splits.VALIDATION)) {
      output.printf(
          "validation was taken out of the official train split: together with train it has %d"
              + " questions.%n",
          held + questions(report, Splits.TRAIN));
    }
    output.printf(
        "%d of the test pictures are also pictures of the official train split.%n",
        report.testPicturesInTrain());
    output.println("made " + Text.line(out.toString()));
    output.println(ResearchMark.NOTICE);
  }

  private static int questions(Report report, String part) {
    Size size = report.parts().get(part);
    return size == null ? 0 : size.questions();
  }

  private static void warn(Report report, PrintWriter err) {
    report.differences().forEach(difference -> err.println(Text.line(difference)));
    if (!report.brokenPictures().isEmpty()) {
      err.printf(
          "%s left out, since %s cannot be used; conversion.json lists them:%n",
          Text.count(report.leftOut().size(), "question", "questions"),
          Text.count(report.brokenPictures().size(), "picture", "pictures"));
      List<String> named =
          report.brokenPictures().entrySet().stream()
              .limit(MOST_NAMED)
              .map(entry -> Text.line(entry.getKey() + ": " + entry.getValue()))
              .toList();
      named.forEach(err::println);
    }
  }
}
