package org.llavamed.command.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.llavamed.annotation.AnnotationException;
import org.llavamed.command.Command;
import org.llavamed.command.Explained;
import org.llavamed.imaging.ImagingException;
import org.llavamed.inference.ModelException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

class DispatcherTest {
  @CommandLine.Command(name = "greet", description = "Says hello.")
  static final class Greet implements Command {
    @Spec private CommandSpec spec;

    @Option(names = "--name", defaultValue = "you", description = "Whom.")
    private String name;

    @Override
    public Integer call() {
      spec.commandLine().getOut().println("Hello, " + name);
      return name.equals("nobody") ? SOME_INPUT_FAILED : OK;
    }
  }

  @CommandLine.Command(name = "fail", description = "Fails.")
  record Fail(Supplier<RuntimeException> error) implements Command {
    @Override
    public Integer call() {
      throw error.get();
    }
  }

  private static Console failingWith(Supplier<RuntimeException> error) {
    return new Console().with(() -> new Fail(error));
  }

  @Test
  void runsACommandAndReturnsItsExitCode() {
    var console = new Console().with(Greet::new);
    assertThat(console.run("greet", "--name", "Ørsted")).isZero();
    assertThat(console.out()).isEqualTo("Hello, Ørsted\n");
    assertThat(console.run("greet", "--name", "nobody")).isEqualTo(1);
  }

  @Test
  void eachRunHasACommandOfItsOwn() {
    var console = new Console().with(Greet::new);
    console.run("greet", "--name", "first");
    console.run("greet");
    assertThat(console.out()).isEqualTo("Hello, you\n");
  }

  @Test
  void aGroupHoldsItsCommands() {
    var console = new Console().with("dicom", Greet::new).with(Greet::new);
    assertThat(console.run("dicom", "greet", "--name", "there")).isZero();
    assertThat(console.out()).isEqualTo("Hello, there\n");
    assertThat(console.run("--help")).isZero();
    assertThat(console.out())
        .contains("dicom", "Look into DICOM files, and exchange them.", "greet", "Says hello.");
    assertThat(console.run("dicom", "--help")).isZero();
    assertThat(console.out()).contains("llavamed dicom", "greet");
  }

  @Test
  void helpAndVersionArePrintedOnStandardOutput() {
    var console = new Console().with(Greet::new);
    assertThat(console.run("--version")).isZero();
    assertThat(console.out()).isEqualTo("LLaVA-Med for DICOM 1.2.3\n");
    assertThat(console.run("greet", "--help")).isZero();
    assertThat(console.out()).contains("Usage: llavamed greet", "--name", "Whom.", "--verbose");
    assertThat(console.err()).isEmpty();
  }

  @Test
  void aWrongOptionIsAUsageErrorWithOneSentenceAndAHint() {
    var console = new Console().with(Greet::new);
    assertThat(console.run("greet", "--nam", "x")).isEqualTo(2);
    assertThat(console.out()).isEmpty();
    assertThat(console.err())
        .startsWith("llavamed: Unknown options: '--nam', 'x'.\n")
        .endsWith("Try 'llavamed greet --help'.\n");
  }

  @Test
  void aWrongCommandIsAUsageErrorThatSuggestsTheRightOne() {
    var console = new Console().with(Greet::new);
    assertThat(console.run("gret")).isEqualTo(2);
    assertThat(console.err()).contains("'gret'", "greet", "Try 'llavamed --help'.");
  }

  @Test
  void aCommandWhoseComponentDoesNotStartIsNotCalledUnknown() {
    var console = new Console().with(Greet::new).withBroken();
    assertThat(console.run("annotate", "a.dcm")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            "llavamed: commands are missing (1), since a component that they need does not start;"
                + " this may be one of them.\n");
    assertThat(console.run("greet")).isZero();
    assertThat(console.run("greet", "--nam", "x")).isEqualTo(2);
    assertThat(console.err()).contains("Unknown options: '--nam'");
  }

  @Test
  void noCommandIsAUsageErrorThatNamesTheHelp() {
    var console = new Console().with("dicom", Greet::new);
    assertThat(console.run()).isEqualTo(2);
    assertThat(console.err())
        .isEqualTo("llavamed: Missing required subcommand.\nTry 'llavamed --help'.\n");
    assertThat(console.run("dicom")).isEqualTo(2);
    assertThat(console.err()).contains("Try 'llavamed dicom --help'.");
  }

  @Test
  void anInputThatFailsIsOneSentenceAndExitCodeOne() {
    var damaged = ImagingException.damaged("a.dcm", "is empty", "Copy it again");
    var console = failingWith(() -> damaged);
    assertThat(console.run("fail")).isEqualTo(1);
    assertThat(console.err()).isEqualTo("llavamed: a.dcm: is empty. Copy it again.\n");

    console = failingWith(() -> ModelException.invalid("m", "is no model", "Import one"));
    assertThat(console.run("fail")).isEqualTo(1);
    assertThat(console.err()).isEqualTo("llavamed: m: is no model. Import one.\n");

    console = failingWith(() -> AnnotationException.invalid("p", "has no name", "Name it"));
    assertThat(console.run("fail")).isEqualTo(1);
    assertThat(console.err()).isEqualTo("llavamed: p: has no name. Name it.\n");
  }

  @Test
  void anErrorThatExplainsItselfIsPrintedAsItIs() {
    var console = failingWith(() -> new SelfExplaining("d.json: is empty. Write it again."));
    assertThat(console.run("fail")).isEqualTo(1);
    assertThat(console.err()).isEqualTo("llavamed: d.json: is empty. Write it again.\n");
  }

  private static final class SelfExplaining extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1L;

    SelfExplaining(String message) {
      super(message);
    }
  }

  @Test
  void anUnexpectedErrorIsOneLineAndItsStackTraceIsShownOnRequest() {
    var console = failingWith(() -> new IllegalStateException("odd\u001b[2J"));
    assertThat(console.run("fail")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            "llavamed: unexpected error: java.lang.IllegalStateException: odd?[2J. Run again with"
                + " --verbose to see where.\n");
    assertThat(console.run("fail", "--verbose")).isEqualTo(1);
    assertThat(console.err()).contains("IllegalStateException", "\tat org.llavamed.command");
  }

  @Test
  void anErrorAfterAnInterruptIsTheInterrupt() {
    var console =
        failingWith(
            () -> {
              Thread.currentThread().interrupt();
              return new IllegalStateException("cut off");
            });
    try {
      assertThat(console.run("fail")).isEqualTo(1);
      assertThat(console.err()).isEqualTo("llavamed: interrupted.\n");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
