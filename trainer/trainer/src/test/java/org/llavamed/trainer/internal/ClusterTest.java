package org.llavamed.trainer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterTest {
  @Test
  void processesOfOneMachineMeetOnIt() {
    var cluster = new Cluster(2, 1, 0, null);
    assertThat(cluster.size()).isEqualTo(2);
    assertThat(cluster.environment(1, 4711))
        .containsEntry("RANK", "1")
        .containsEntry("LOCAL_RANK", "1")
        .containsEntry("WORLD_SIZE", "2")
        .containsEntry("MASTER_ADDR", "127.0.0.1")
        .containsEntry("MASTER_PORT", "4711");
  }

  @Test
  void processesOfSeveralMachinesMeetWhereTheFirstListens() {
    var cluster = new Cluster(4, 3, 2, "[fe80::1]:29500");
    assertThat(cluster.isFirst()).isFalse();
    assertThat(cluster.environment(1, 4711))
        .containsEntry("RANK", "9")
        .containsEntry("LOCAL_RANK", "1")
        .containsEntry("WORLD_SIZE", "12")
        .containsEntry("MASTER_ADDR", "fe80::1")
        .containsEntry("MASTER_PORT", "29500");
    assertThat(new Cluster(1, 2, 1, "node-0.example:1").environment(0, 0))
        .containsEntry("MASTER_ADDR", "node-0.example")
        .containsEntry("MASTER_PORT", "1");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "0, 1, 0, none, '--nproc is 0, expected 1 to 4096'",
        "1, 0, 0, none, '--nnodes is 0, expected 1 to 4096'",
        "1, 2, 2, a:1, '--node-rank is 2 of 2 machines, expected 0 to 1'",
        "1, 2, 0, none, '--nnodes is 2 without --master, expected the first machine''s HOST:PORT'",
        "1, 2, 0, host, '--master is ''host'', expected HOST:PORT'",
        "1, 2, 0, host:70000, '--master is ''host:70000'', expected a port of 1 to 65535'"
      })
  void whatCannotBeIsSaid(int processes, int machines, int machine, String master, String said) {
    assertThatThrownBy(() -> new Cluster(processes, machines, machine, master))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(said);
  }
}
