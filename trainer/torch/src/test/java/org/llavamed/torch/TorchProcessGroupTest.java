package org.llavamed.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.engine.DType;
import org.llavamed.engine.Device;
import org.llavamed.engine.Engine;
import org.llavamed.engine.EngineException;
import org.llavamed.engine.Engines;
import org.llavamed.engine.ProcessGroup;
import org.llavamed.engine.Rendezvous;
import org.llavamed.engine.Tensor;

final class TorchProcessGroupTest {
  private final Engine engine = Engines.open(Device.CPU);

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
          .contains(
              "sum [3.0, 20.0]",
              "both [2.5, 2.5]",
              "one [4.0, 4.0]",
              "none false",
              "sent [1.0, 7.0]");
    }
    assertThat(said(0))
        .anyMatch(line -> line.matches("lost: Process 0 of 2 lost another one during 'barrier' .*"))
        .anyMatch(
            line ->
                line.endsWith(
                    "Look at the logs of the others for the first error, then resume from the last"
                        + " checkpoint."));
  }

  private static Rendezvous alone(String host, int port, String address) {
    return new Rendezvous(host, port, 0, 1, address, Duration.ofSeconds(2));
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      Rendezvous place = alone("127.0.0.1", taken.getLocalPort(), "127.0.0.1");
      assertThatThrownBy(() -> engine.join(place))
          .isInstanceOf(EngineException.class)
          .hasMessage(
              "127.0.0.1, port %d: another program listens there. Choose a free port."
                  .formatted(taken.getLocalPort()));
    }
  }

  @Test
  void anAddressThatNobodyKnowsIsNamed() throws IOException {
    Rendezvous place = alone("127.0.0.1", freePort(), "nowhere.invalid");
    assertThatThrownBy(() -> engine.join(place))
        .isInstanceOf(EngineException.class)
        .hasMessage(
            "nowhere.invalid, port %d: no machine of this name is known. Give a name or an address"
                    .formatted(place.port())
                + " that this machine can resolve.");
  }

  @Test
  void whatIsWrongWithATensorIsNoLostPeer() throws IOException {
    try (ProcessGroup group = engine.join(alone("127.0.0.1", freePort(), "127.0.0.1"))) {
      Tensor foreign =
          (Tensor)
              Proxy.newProxyInstance(
                  Tensor.class.getClassLoader(), new Class<?>[] {Tensor.class}, (a, b, c) -> null);
      assertThatThrownBy(() -> group.broadcast(foreign, 0))
          .isInstanceOf(EngineException.class)
          .hasMessage("tensor: it is of another engine. Use tensors of one engine only.");
    }
  }

  @Test
  void blocksOfGradientsAreCutBeforeTheyAreTooLarge() throws IOException {
    List<Tensor> parameters = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Tensor parameter = engine.zeros(DType.F32, 1 << (i == 1 ? 24 : 4)).requireGradient(true);
      parameter.times(i + 1).sum().backward();
      parameters.add(parameter);
    }
    try (ProcessGroup group = engine.join(alone("127.0.0.1", freePort(), "127.0.0.1"))) {
      long before = engine.residentBytes();
      group.averageGradients(parameters);
      assertThat(engine.residentBytes() - before).isLessThan(32 << 20);
    }
    for (int i = 0; i < 3; i++) {
      assertThat(parameters.get(i).gradient().orElseThrow().mean().item()).isEqualTo(i + 1);
    }
  }

  private List<String> said(int rank) throws IOException {
    return Files.readString(folder.resolve(rank + ".txt"), StandardCharsets.UTF_8).lines().toList();
  }
}
