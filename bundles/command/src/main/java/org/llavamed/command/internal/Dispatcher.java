package org.llavamed.command.internal;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import org.llavamed.command.Command;
import org.llavamed.command.Terminal;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferenceScope;

/**
 * Runs a command line and returns the exit code. The launcher, which is outside the framework,
 * finds it as {@code java.util.function.ToIntFunction} with the property {@code llavamed.cli=true}.
 * Output is UTF-8. On the end of the process, for example by Ctrl-C, the working thread is
 * interrupted and waited for, so that only whole files are left.
 */
@Component(service = ToIntFunction.class, property = "llavamed.cli:Boolean=true")
public final class Dispatcher implements ToIntFunction<String[]> {
  private final Map<ComponentServiceObjects<Command>, String> parents = new ConcurrentHashMap<>();
  private final String version;

  /** Takes the version from the bundle. */
  @Activate
  public Dispatcher(BundleContext context) {
    this(context.getBundle().getVersion().toString());
  }

  Dispatcher(String version) {
    this.version = version;
  }

  /** A command has come. */
  @Reference(
      service = Command.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      scope = ReferenceScope.PROTOTYPE_REQUIRED)
  void addCommand(ComponentServiceObjects<Command> command, Map<String, Object> properties) {
    parents.put(command, properties.getOrDefault(Command.PARENT, "").toString());
  }

  /** A command has gone. */
  void removeCommand(ComponentServiceObjects<Command> command) {
    parents.remove(command);
  }

  @Override
  public int applyAsInt(String[] arguments) {
    PrintWriter out = utf8(System.out);
    PrintWriter err = utf8(System.err);
    return checkWhole(run(arguments, out, err), out, err, Terminal.isPipe());
  }

  /**
   * Returns the exit code, which is no success where the output could not be written.
   *
   * @param pipe whether another program reads the output; it may end when it has enough
   */
  static int checkWhole(int code, PrintWriter out, PrintWriter err, boolean pipe) {
    if (!out.checkError()) {
      return code;
    }
    if (!pipe) {
      err.println(
          "llavamed: standard output is cut, since it cannot be written. Look whether its disk is"
              + " full.");
    }
    return Math.max(code, Command.SOME_INPUT_FAILED);
  }

  int run(String[] arguments, PrintWriter out, PrintWriter err) {
    try (var invocation = new Invocation(version, out, err)) {
      parents.forEach(
          (objects, parent) -> {
            Command command = objects.getService();
            if (command == null) {
              invocation.lack();
            } else {
              invocation.add(command, parent, () -> objects.ungetService(command));
            }
          });
      return invocation.execute(arguments);
    } finally {
      out.flush();
      err.flush();
    }
  }

  static PrintWriter utf8(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8); // told of the stream's errors
  }
}
