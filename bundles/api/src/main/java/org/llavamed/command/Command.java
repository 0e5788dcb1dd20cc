package org.llavamed.command;

import java.util.concurrent.Callable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A command of {@code llavamed}, registered as a service. The object carries picocli's annotations;
 * a prototype-scoped component, since picocli writes the arguments of one invocation into it.
 * {@link #call()} returns the exit code: {@value #OK}, {@value #SOME_INPUT_FAILED} or {@value
 * #USAGE}.
 */
@ConsumerType
public interface Command extends Callable<Integer> {
  /** Everything that was asked for is done. */
  int OK = 0;

  /** Some input failed and was named; the rest is done. */
  int SOME_INPUT_FAILED = 1;

  /** The arguments are wrong; nothing was done. */
  int USAGE = 2;

  /**
   * Service property: the words before the command's own name, separated by a blank; {@code
   * "dicom"} makes {@code llavamed dicom NAME}. Absent for a command of the top level.
   */
  String PARENT = "llavamed.command.parent";
}
