package org.llavamed.command.internal;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.annotation.ResultWriter.ResultFile;
import org.llavamed.annotation.StudyAnnotator;
import org.llavamed.annotation.StudyAnnotator.Listener;
import org.llavamed.annotation.StudyAnnotator.Reply;
import org.llavamed.annotation.StudyAnnotator.Request;
import org.llavamed.annotation.StudyAnnotator.Summary;
import org.llavamed.command.Command;
import org.llavamed.command.ProgressDisplay;
import org.llavamed.command.Terminal;
import org.llavamed.command.Text;

/** Runs a request and shows what happens: progress and failures at once, the table at the end. */
final class AnnotationReport implements Listener {
  private static final int MOST_NAMES = 5;

  /** Files that are named on a terminal; elsewhere all are. */
  private static final int MOST_FILES = 20;

  private final PrintWriter out;
  private final ProgressDisplay progress;
  private final Table table =
      new Table("STUDY", "PICTURE", "QUESTION", "ANSWER", "PROBABILITY", "TIME");
  private final List<Path> files = new ArrayList<>();
  private final Map<String, List<String>> skipped = new TreeMap<>();
  private String picture = "";
  private int begun;
  private int planned;
  private int answers;

  private AnnotationReport(PrintWriter out, ProgressDisplay progress) {
    this.out = out;
    this.progress = progress;
  }

  /** Runs the request and returns the exit code. */
  static int run(
      StudyAnnotator annotator, Request request, PrintWriter out, ProgressDisplay progress) {
    var report = new AnnotationReport(out, progress);
    Summary summary;
    try (progress) {
      progress.at("reading the inputs", 0, 0);
      summary = annotator.annotate(request, report);
    }
    boolean interrupted = Thread.currentThread().isInterrupted();
    report.print(request, summary, interrupted);
    return summary.failed() > 0 || interrupted ? Command.SOME_INPUT_FAILED : Command.OK;
  }

  @Override
  public void planned(int studies, int pictures) {
    planned = pictures;
    progress.println(
        "%s, %s to read".formatted(Text.count(studies, "study", "studies"), pictures(pictures)));
  }

  @Override
  public void answered(Reply reply) {
    String now = reply.study() + "\n" + reply.picture();
    if (!now.equals(picture)) {
      picture = now;
      begun++;
      progress.at(reply.picture(), begun, planned);
    }
    answers++;
    table.add(
        reply.study(),
        reply.picture(),
        reply.question(),
        reply.answer(),
        String.format(Locale.ROOT, "%.2f", reply.probability()),
        seconds(reply.time()));
  }

  @Override
  public void written(String studyInstanceUid, List<ResultFile> results, List<String> warnings) {
    results.forEach(result -> files.add(result.file()));
    warnings.forEach(warning -> progress.println("note: " + warning));
  }

  @Override
  public void skipped(Path file, String reason) {
    skipped
        .computeIfAbsent(reason, why -> new ArrayList<>())
        .add(file.getFileName() == null ? file.toString() : file.getFileName().toString());
  }

  @Override
  public void noted(String sentence) {
    progress.println("note: " + sentence);
  }

  @Override
  public void failed(String sentence) {
    progress.println("failed: " + sentence);
  }

  private void print(Request request, Summary summary, boolean interrupted) {
    if (answers > 0) {
      table.print(out, Terminal.columns());
      out.println();
    }
    out.println(ResearchMark.NOTICE);
    out.println(
        "%s read in %s."
            .formatted(
                pictures(summary.pictures()), Text.count(summary.studies(), "study", "studies")));
    if (!files.isEmpty()) {
      out.println(
          "%s in %s:"
              .formatted(
                  Text.count(files.size(), "result", "results"),
                  request.out().toAbsolutePath().normalize()));
      int shown = Terminal.isPresent() ? Math.min(MOST_FILES, files.size()) : files.size();
      files.subList(0, shown).forEach(file -> out.println("  " + file));
      if (shown < files.size()) {
        out.println("  and %d more there".formatted(files.size() - shown));
      }
    }
    skipped.forEach(
        (reason, names) ->
            out.println(
                "Left out %d, %s: %s"
                    .formatted(names.size(), Text.line(reason), Text.some(names, MOST_NAMES))));
    if (summary.failed() > 0) {
      out.println(
          "Failed: %s, named above.".formatted(Text.count(summary.failed(), "input", "inputs")));
    }
    if (summary.pictures() == 0 && summary.failed() == 0 && !interrupted) {
      out.println("Nothing to read; name files or folders that hold DICOM pictures.");
    }
    if (interrupted) {
      out.println("Interrupted; the results above are whole, the rest was not begun.");
    }
  }

  private static String seconds(Duration time) {
    return time.toSeconds() < 1
        ? time.toMillis() + " ms"
        : String.format(Locale.ROOT, "%.2f s", time.toNanos() / 1e9);
  }

  private static String pictures(int n) {
    return Text.count(n, "picture", "pictures");
  }
}
