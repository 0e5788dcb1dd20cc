package org.llavamed.command.internal;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.llavamed.command.Command;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentServiceObjects;

/** A dispatcher with commands, and what a run of it prints. */
final class Console {
  private final Dispatcher dispatcher = new Dispatcher("1.2.3");
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  /** Adds a command, made anew for each run. */
  Console with(String parent, Supplier<Command> command) {
    dispatcher.addCommand(
        new Objects(command), parent.isEmpty() ? Map.of() : Map.of(Command.PARENT, parent));
    return this;
  }

  /** Adds a command of the top level. */
  Console with(Supplier<Command> command) {
    return with("", command);
  }

  /** Adds a command whose component does not start. */
  Console withBroken() {
    dispatcher.addCommand(new Objects(() -> null), Map.of());
    return this;
  }

  int run(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    return dispatcher.run(arguments, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  /** Runs where nobody reads what is printed. */
  int runUnread(String... arguments) {
    err = new StringWriter();
    PrintWriter closed = new PrintWriter(new StringWriter());
    closed.close();
    return dispatcher.run(arguments, closed, new PrintWriter(err, true));
  }

  String out() {
    return out.toString().replace(System.lineSeparator(), "\n");
  }

  String err() {
    return err.toString().replace(System.lineSeparator(), "\n");
  }

  private record Objects(Supplier<? extends @Nullable Command> command)
      implements ComponentServiceObjects<Command> {
    @Override
    public @Nullable Command getService() {
      return command.get();
    }

    @Override
    public void ungetService(Command service) {
      if (service == null) {
        throw new IllegalArgumentException("no service");
      }
    }

    @Override
    public ServiceReference<Command> getServiceReference() {
      throw new UnsupportedOperationException();
    }
  }
}
