package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
  private static final String MEMINFO =
      "MemTotal:       16000000 kB\nMemFree:  1 kB\nMemAvailable:    9000000 kB\n";

  @TempDir Path root;

  private void file(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void twoThreadsOfACoreCountOnce() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      text.append(
              "processor\t: %d\nmodel name\t: A  CPU @ 2 GHz\nphysical id\t: %d\n"
                  .formatted(i, i / 4))
          .append(
              "core id\t\t: %d\nflags\t\t: fpu avx2 avx512_vnni fma amx_int8\n\n".formatted(i % 2));
    }
    file("proc/cpuinfo", text.toString());
    Machine machine = Machine.read(root, 8);
    assertThat(machine.processor()).isEqualTo("A  CPU @ 2 GHz");
    assertThat(machine.features()).containsExactly("amx_int8", "avx2", "avx512_vnni", "fma");
    assertThat(machine.processors()).isEqualTo(8);
    assertThat(machine.cores()).isEqualTo(4);
    assertThat(Machine.read(root, 2).cores()).isEqualTo(2);
    file("proc/self/status", "Name:\tjava\nCpus_allowed:\t05\nCpus_allowed_list:\t0,2\n");
    assertThat(Machine.read(root, 2).cores()).as("two threads of one core").isEqualTo(1);
    file("proc/self/status", "Cpus_allowed_list:\t0-1,6,x,-\n");
    assertThat(Machine.read(root, 3).cores()).isEqualTo(3);
  }

  @Test
  void armTellsItsFeaturesUnderAnotherName() throws IOException {
    file("proc/cpuinfo", "processor : 0\nFeatures : fp asimd asimddp i8mm bf16\n");
    assertThat(Machine.read(root, 4))
        .isEqualTo(
            new Machine(
                System.getProperty("os.arch"),
                java.util.List.of("asimddp", "bf16", "i8mm"),
                4,
                4,
                Memory.UNKNOWN));
  }

  @Test
  void aSystemThatTellsNothingRefusesNothing() {
    Machine machine = Machine.read(root, 3);
    assertThat(machine.features()).isEmpty();
    assertThat(machine.cores()).isEqualTo(3);
    assertThat(machine.memory().known()).isFalse();
  }

  @Test
  void withoutALimitTheMemoryIsTheMachines() throws IOException {
    file("proc/meminfo", MEMINFO);
    file("proc/self/cgroup", "0::/a/b\n");
    file("sys/fs/cgroup/a/memory.max", "max\n");
    file("sys/fs/cgroup/a/memory.current", "77\n");
    assertThat(Memory.read(root)).isEqualTo(new Memory(16_000_000L << 10, 9_000_000L << 10));
  }

  @Test
  void theTightestOfTheGroupsLimitsAndPagesOfFilesAreFree() throws IOException {
    file("proc/meminfo", MEMINFO);
    file("proc/self/cgroup", "0::/a/b\n");
    file("sys/fs/cgroup/a/memory.max", "4000000000\n");
    file("sys/fs/cgroup/a/memory.current", "3500000000\n");
    file("sys/fs/cgroup/a/memory.stat", "anon 1\ninactive_file 1500000000\n");
    file("sys/fs/cgroup/a/b/memory.max", "6000000000\n");
    file("sys/fs/cgroup/a/b/memory.current", "100\n");
    assertThat(Memory.read(root)).isEqualTo(new Memory(4_000_000_000L, 2_000_000_000L));
  }

  @Test
  void aWiderGroupThatOthersHaveFilledLeavesLess() throws IOException {
    file("proc/meminfo", MEMINFO);
    file("proc/self/cgroup", "0::/a/b\n");
    file("sys/fs/cgroup/a/memory.max", "6000000000\n");
    file("sys/fs/cgroup/a/memory.current", "5900000000\n");
    file("sys/fs/cgroup/a/b/memory.max", "4000000000\n");
    file("sys/fs/cgroup/a/b/memory.current", "100\n");
    assertThat(Memory.read(root)).isEqualTo(new Memory(4_000_000_000L, 100_000_000L));
  }

  @Test
  void controlGroupsOfVersion1LimitToo() throws IOException {
    file("proc/meminfo", MEMINFO);
    file("proc/self/cgroup", "5:cpu:/\n4:hugetlb,memory:/job\n0::/\nnonsense\n");
    file("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "2000000000\n");
    file("sys/fs/cgroup/memory/job/memory.usage_in_bytes", "1900000000\n");
    file("sys/fs/cgroup/memory/job/memory.stat", "total_inactive_file 400000000\n");
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    file("sys/fs/cgroup/memory/memory.usage_in_bytes", "5\n");
    assertThat(Memory.read(root)).isEqualTo(new Memory(2_000_000_000L, 500_000_000L));
  }

  @Test
  void aPathThatLeadsOutOfTheGroupsIsNotFollowed() throws IOException {
    file("proc/meminfo", MEMINFO);
    file("proc/self/cgroup", "0::/../../../evil\n");
    file("evil/memory.max", "1\n");
    file("evil/memory.current", "1\n");
    assertThat(Memory.read(root).total()).isEqualTo(16_000_000L << 10);
  }

  @Test
  void thisMachineHasAProcessorAndMemory() {
    Machine machine = Machine.here();
    System.out.println(machine);
    assertThat(machine.cores()).isBetween(1, machine.processors());
    assertThat(machine.memory().available()).isBetween(1L, machine.memory().total());
  }
}
