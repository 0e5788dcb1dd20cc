package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test in which a port logs an error: what peers do must be foreseen. */
final class UnexpectedFailures implements BeforeEachCallback, AfterEachCallback {
  private static final Logger PORT = Logger.getLogger(Port.class.getName());

  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord logged) {
          if (logged.getLevel().intValue() >= Level.SEVERE.intValue()) {
            failures.add(logged.getMessage() + ": " + logged.getThrown());
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  /** Returns what was logged so far, and forgets it. */
  List<String> taken() {
    List<String> taken = List.copyOf(failures);
    failures.clear();
    return taken;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    PORT.addHandler(handler);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    PORT.removeHandler(handler);
    assertThat(failures).isEmpty();
  }
}
