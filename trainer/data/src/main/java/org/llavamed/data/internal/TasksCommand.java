package org.llavamed.data.internal;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Command;
import org.llavamed.command.Text;
import org.llavamed.data.OneTokenWords;
import org.llavamed.data.PictureTasks;
import org.llavamed.data.PictureTasks.Variety;
import org.llavamed.data.VqaQuestion;
import org.llavamed.data.VqaSet;
import org.llavamed.preprocess.Tokenizer;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code llavamed data tasks}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=data")
@CommandLine.Command(
    name = "tasks",
    description =
        "Make samples for a model that begins with fresh weights: the questions of converted data"
            + " with their answers in lower case, and tasks about the same pictures that need a"
            + " look at them: the picture's name, the part of the body, and questions of other"
            + " pictures, answered both yes and no.")
public final class TasksCommand implements Command {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DATA", description = "A folder that 'llavamed data' made.")
  private Path data;

  @Option(
      names = "--part",
      paramLabel = "PART",
      defaultValue = "train",
      description =
          "Of the data, to learn from (default: ${DEFAULT-VALUE}). May be given several times.")
  private List<String> parts = new ArrayList<>();

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      required = true,
      description = "The model's tokenizer.json: names of pictures are words of one token.")
  private Path tokenizer;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "The folder to make; must not exist or be empty.")
  private Path out;

  @Option(
      names = "--wordings",
      paramLabel = "N",
      defaultValue = "16",
      description =
          "Of each question: its own, and others that lack words, capitals or the question mark"
              + " (default: ${DEFAULT-VALUE}).")
  private int wordings;

  @Option(
      names = "--counterparts",
      paramLabel = "N",
      defaultValue = "4",
      description =
          "Other pictures that each question of yes or no is asked of (default: ${DEFAULT-VALUE}).")
  private int counterparts;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Of the wordings and the choice of other pictures (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--json", description = "Print the counts as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    expect("--wordings", wordings, 1);
    expect("--counterparts", counterparts, 0);
    VqaSet set = VqaSet.read(data);
    List<VqaQuestion> questions = parts.stream().flatMap(part -> set.split(part).stream()).toList();
    Map<String, Integer> counts;
    try (Tokenizer words = Tokenizer.open(tokenizer)) {
      var variety = new Variety(wordings, counterparts, seed);
      counts = new PictureTasks(questions, variety).write(out, OneTokenWords.of(words));
    }
    print(counts, spec.commandLine().getOut());
    return OK;
  }

  private void expect(String option, int value, int least) {
    if (value < least) {
      throw new ParameterException(
          spec.commandLine(), "%s %d: expected %d or more".formatted(option, value, least));
    }
  }

  private void print(Map<String, Integer> counts, PrintWriter output) {
    if (json) {
      String files =
          counts.entrySet().stream()
              .map(file -> "\"%s\": %d, ".formatted(file.getKey(), file.getValue()))
              .collect(Collectors.joining());
      output.printf("{%s\"mark\": \"%s\"}%n", files, ResearchMark.NOTICE);
    } else {
      counts.forEach(
          (file, size) -> output.printf("%-20s %s%n", file, Text.count(size, "sample", "samples")));
      output.println("made " + Text.line(out.toString()));
      output.println(ResearchMark.NOTICE);
    }
  }
}
