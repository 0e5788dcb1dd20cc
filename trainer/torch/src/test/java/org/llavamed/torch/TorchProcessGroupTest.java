package org.llavamed.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class TorchProcessGroupTest {
  @TempDir Path folder;

  private Process start(int rank, int port) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    command.add("-Dorg.bytedeco.javacpp.maxbytes=0");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Peer.class.getName(), "" + rank, "" + port));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(rank + ".txt").toFile())
        .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  @Timeout(120)
  void twoProcessesReduceBroadcastAndNoticeALoss() throws Exception {
    int port = freePort();
    Process first = start(0, port);
    Process second = start(1, port);
    try {
      assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      first.destroyForcibly();
      second.destroyForcibly();
    }
    for (int rank = 0; rank < 2; rank++) {
      assertThat(said(rank))
          .contains("sum [3.0, 20.0]", "both [2.5, 2.5]", "one [4.0, 4.0]", "sent [1.0, 7.0]");
    }
    assertThat(said(0))
        .anyMatch(line -> line.matches("lost: Process 0 of 2 lost another one during 'barrier' .*"))
        .anyMatch(
            line ->
                line.endsWith(
                    "Look at the logs of the others for the first error, then resume from the last"
                        + " checkpoint."));
  }

  private List<String> said(int rank) throws IOException {
    return Files.readString(folder.resolve(rank + ".txt"), StandardCharsets.UTF_8).lines().toList();
  }
}
