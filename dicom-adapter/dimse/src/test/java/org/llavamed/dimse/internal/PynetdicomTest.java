package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Uids;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Query;
import org.llavamed.network.QueryLevel;
import org.llavamed.network.ReceiveSettings.Access;
import org.llavamed.network.RetrieveOutcome;
import org.llavamed.network.StoreOutcome;

/** Associations with pynetdicom: what programs do that are not as tame as dcmtk. */
final class PynetdicomTest {
  @TempDir Path folder;
  private Path python = Path.of("python3");
  private Path script = Path.of("peer.py");
  private Path file = Path.of("1.dcm");

  @BeforeEach
  void prepare() throws Exception {
    python = Pynetdicom.python();
    script = Pynetdicom.script(folder);
    file = Objects.write(folder, "1.dcm", Objects.image(1, 100), Uids.ExplicitVRLittleEndian);
  }

  private void run(String how, Loopback loopback) throws IOException, InterruptedException {
    Program.run(folder, python, script, how, loopback.port(), file);
  }

  @Test
  void oddNegotiationsAreAnsweredByTheRules() throws Exception {
    Path out = folder.resolve("out");
    try (Loopback loopback = Loopback.open(out)) {
      run("odd_negotiation", loopback);
    }
    assertThat(new Part10Reader().read(Objects.kept(out, 1)).whole())
        .isEqualTo(new Part10Reader().read(file).whole());
  }

  @Test
  void anEarlyReleaseIsAnswered() throws Exception {
    try (Loopback loopback = Loopback.open(folder.resolve("out"))) {
      run("early_release", loopback);
    }
  }

  @Test
  void anAbortInMidTransferLeavesNothing() throws Exception {
    Path out = folder.resolve("out");
    file = Objects.write(folder, "2.dcm", Objects.image(2, 1000), Uids.ExplicitVRLittleEndian);
    try (Loopback loopback = Loopback.open(out)) {
      run("abort_in_transfer", loopback);
      assertThat(new DimseUser(null).echo(loopback.peer())).isNotNull();
      assertThat(loopback.received).isEmpty();
    }
    try (Stream<Path> left = Files.list(out.resolve(".incoming"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aPeerOfImplicitAloneGetsAnEqualObject() throws Exception {
    int port = Program.freePort();
    Path kept = folder.resolve("kept.dcm");
    try (Program peer =
        Program.start(folder, python, script, "serve_implicit", port, kept).awaitPort(port)) {
      assertThat(Loopback.send(Loopback.peer(port), file))
          .as(peer.output())
          .allMatch(StoreOutcome::stored);
      assertThat(peer.exitCode()).as(peer.output()).isZero();
    }
    assertThat(new Part10Reader().read(kept).attributes())
        .isEqualTo(new Part10Reader().read(file).attributes());
  }

  @Test
  void anAbortOfTheProviderIsNamed() throws Exception {
    int port = Program.freePort();
    try (Program peer =
        Program.start(folder, python, script, "serve_abort", port, file).awaitPort(port)) {
      assertThatThrownBy(() -> Loopback.send(Loopback.peer(port), file))
          .as(peer.output())
          .isInstanceOf(NetworkException.class)
          .hasMessageContaining("it aborted the association by its user");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "serve_get",
        "serve_get_failing_find",
        "serve_get_aborting_find",
        "serve_get_find_without_classes",
        "serve_get_find_of_another_class"
      })
  void objectsAreFetchedWhateverBecomesOfTheQueryBefore(String how) throws Exception {
    int port = Program.freePort();
    Path out = folder.resolve("out");
    Query study = new Query(QueryLevel.STUDY, false, Map.of("StudyInstanceUID", Objects.STUDY));
    try (Program peer = Program.start(folder, python, script, how, port, file).awaitPort(port)) {
      RetrieveOutcome outcome =
          new DimseUser()
              .get(
                  Loopback.peer(port),
                  study,
                  Loopback.settings(out, Access.ALL, Loopback.LIMITS),
                  each -> {});
      assertThat(outcome).as(peer.output()).isEqualTo(new RetrieveOutcome(1, 0, 0, 0, ""));
    }
    assertThat(new Part10Reader().read(Objects.kept(out, 1)).attributes())
        .isEqualTo(new Part10Reader().read(file).attributes());
  }
}
