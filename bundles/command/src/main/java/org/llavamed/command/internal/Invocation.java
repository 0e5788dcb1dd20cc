package org.llavamed.command.internal;

import java.io.PrintWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.llavamed.annotation.AnnotationException;
import org.llavamed.command.Command;
import org.llavamed.command.Explained;
import org.llavamed.command.Text;
import org.llavamed.imaging.ImagingException;
import org.llavamed.inference.ModelException;
import org.llavamed.network.NetworkException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** One run of the command line, with command objects of its own. */
final class Invocation implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Invocation.class.getName());
  private static final String VERBOSE = "--verbose";

  /** What the groups are for. */
  private static final Map<String, String> GROUPS =
      Map.of(
          "data",
          "Make the data that models are trained and evaluated with.",
          "dicom",
          "Look into DICOM files, and exchange them.",
          "dicom web",
          "Search, fetch from and store at a DICOMweb service.",
          "evaluate",
          "Score the answers of a model.",
          "model",
          "Import, make and show models.");

  private final PrintWriter out;
  private final PrintWriter err;
  private final CommandLine root;
  private final Map<String, List<CommandLine>> commands = new TreeMap<>();
  private final List<Runnable> releases = new ArrayList<>();
  private int lacking;

  Invocation(String version, PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
    this.root =
        group(
            "llavamed",
            "Asks a vision-language model about DICOM studies. Research use only, not for clinical"
                + " use.");
    root.getCommandSpec().version("LLaVA-Med for DICOM " + version);
  }

  /**
   * Adds a command.
   *
   * @param parent the words before its own name; empty for the top level
   * @param release what to do when the invocation is over
   */
  void add(Command command, String parent, Runnable release) {
    releases.add(release);
    CommandLine line = new CommandLine(command);
    addCommonOptions(line.getCommandSpec());
    commands.computeIfAbsent(parent, words -> new ArrayList<>()).add(line);
  }

  /** Counts a command that cannot be used, because a component that it needs does not start. */
  void lack() {
    lacking++;
  }

  /** Runs the command that the arguments name and returns the exit code. */
  int execute(String... arguments) {
    var groups = new TreeMap<String, CommandLine>(Map.of("", root));
    commands.forEach(
        (parent, lines) -> {
          CommandLine group = group(groups, parent);
          lines.sort(Comparator.comparing(CommandLine::getCommandName));
          lines.forEach(line -> group.addSubcommand(line.getCommandName(), line));
        });
    return root.setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(this::usageError)
        .setExecutionExceptionHandler(this::failure)
        .execute(arguments);
  }

  @Override
  public void close() {
    releases.forEach(Runnable::run);
  }

  private static CommandLine group(Map<String, CommandLine> groups, String parent) {
    CommandLine known = groups.get(parent);
    if (known != null) {
      return known;
    }
    int blank = parent.lastIndexOf(' ');
    CommandLine above = group(groups, blank < 0 ? "" : parent.substring(0, blank));
    String name = parent.substring(blank + 1);
    CommandLine command = above.getSubcommands().get(name);
    if (command != null) { // a command that has commands of its own
      return command;
    }
    CommandLine group = group(name, GROUPS.getOrDefault(parent, "Commands of " + parent + "."));
    above.addSubcommand(name, group);
    groups.put(parent, group);
    return group;
  }

  private static CommandLine group(String name, String description) {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(new Group()).name(name);
    spec.usageMessage().description(description).synopsisSubcommandLabel("COMMAND");
    addCommonOptions(spec);
    return new CommandLine(spec);
  }

  private static void addCommonOptions(CommandSpec spec) {
    spec.mixinStandardHelpOptions(true);
    spec.addOption(
        OptionSpec.builder(VERBOSE)
            .type(boolean.class)
            .description("Show the stack trace of an unexpected error.")
            .build());
    spec.usageMessage().abbreviateSynopsis(spec.userObject() instanceof Group);
  }

  private int usageError(ParameterException error, String... arguments) {
    CommandLine line = error.getCommandLine();
    if (lacking > 0 && line.getCommandSpec().userObject() instanceof Group) {
      err.println(
          "llavamed: commands are missing (%d), since a component that they need does not start; this may be one of them."
              .formatted(lacking));
      return Command.SOME_INPUT_FAILED;
    }
    String message = String.valueOf(error.getMessage()).strip();
    err.println("llavamed: " + Text.printable(message) + (message.endsWith(".") ? "" : "."));
    UnmatchedArgumentException.printSuggestions(error, err);
    err.println("Try '%s --help'.".formatted(line.getCommandSpec().qualifiedName()));
    return Command.USAGE;
  }

  private int failure(Exception error, CommandLine line, ParseResult result) {
    boolean verbose = result.expandedArgs().contains(VERBOSE);
    if (Thread.currentThread().isInterrupted()) {
      err.println("llavamed: interrupted.");
    } else if (error instanceof ImagingException
        || error instanceof ModelException
        || error instanceof AnnotationException
        || error instanceof NetworkException
        || error instanceof Explained) {
      err.println("llavamed: " + Text.printable(String.valueOf(error.getMessage())));
    } else {
      LOG.log(Level.DEBUG, "Unexpected error", error);
      err.println(
          "llavamed: unexpected error: %s.%s"
              .formatted(
                  Text.printable(error.toString()),
                  verbose ? "" : " Run again with --verbose to see where."));
    }
    if (verbose) {
      error.printStackTrace(err);
    }
    return Command.SOME_INPUT_FAILED;
  }

  /** A group of commands, which does nothing by itself. */
  private static final class Group {}
}
