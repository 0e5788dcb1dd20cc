package org.llavamed.trainer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.learning.TrainingException;

class RunLockTest {
  @TempDir private Path folder;

  /** Another process that takes the folder. */
  static final class Other {
    private Other() {}

    public static void main(String[] arguments) {
      try {
        RunLock.take(Path.of(arguments[0]));
        System.out.print("taken");
      } catch (TrainingException e) {
        System.out.print(e.getMessage());
      }
    }
  }

  @Test
  void anotherProcessDoesNotGetAFolderThatIsTaken() throws Exception {
    RunLock lock = RunLock.take(folder);
    lock.note(List.of());
    assertThat(other())
        .isEqualTo(
            folder + ": another process trains there. Wait for its end, or set another 'out'.");
    lock.release();
    assertThat(other()).isEqualTo("taken");
  }

  private String other() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Other.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return said;
  }
}
