package org.llavamed.trainer.internal;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.llavamed.learning.run.RunFolder;

/**
 * How worker processes are started.
 *
 * @param java program
 * @param classPath jars and folders
 * @param mainClass name
 * @param options of the virtual machine
 * @param cuda whether each process trains on a GPU of its own, else on the processor
 * @param threads that each process computes with
 */
record WorkerJvm(
    Path java,
    List<Path> classPath,
    String mainClass,
    List<String> options,
    boolean cuda,
    int threads) {
  WorkerJvm {
    classPath = List.copyOf(classPath);
    options = List.copyOf(options);
  }

  /** Returns the program that runs this process. */
  static Path java(Path home) {
    boolean windows = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("win");
    return home.resolve("bin").resolve(windows ? "java.exe" : "java");
  }

  /**
   * Returns the processes of this machine, not started yet.
   *
   * @param resume whether they go on from the run's last checkpoint, where there is one
   */
  List<ProcessBuilder> processes(RunFolder run, Cluster cluster, boolean resume) {
    int port = freePort();
    var processes = new ArrayList<ProcessBuilder>();
    for (int local = 0; local < cluster.processes(); local++) {
      var process = new ProcessBuilder(command(run, local, resume));
      process.environment().putAll(cluster.environment(local, port));
      process.environment().putAll(pools());
      process.environment().put("TORCH_NCCL_BLOCKING_WAIT", "1"); // a lost process is then an error
      processes.add(process);
    }
    return processes;
  }

  /**
   * OpenBLAS and OpenMP each have a pool of threads; where both wait actively for work on a machine
   * that has other work too, a step takes many times as long.
   */
  private Map<String, String> pools() {
    String count = Integer.toString(threads);
    return Map.of(
        "OMP_WAIT_POLICY", "passive", "OMP_NUM_THREADS", count, "OPENBLAS_NUM_THREADS", count);
  }

  private List<String> command(RunFolder run, int local, boolean resume) {
    var command = new ArrayList<String>();
    command.add(java.toString());
    command.addAll(options);
    command.add("-XX:ErrorFile=" + run.log(0).resolveSibling("crash-%p.log"));
    command.add("-cp");
    command.add(
        classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    command.add(mainClass);
    command.add(run.root().toString());
    if (resume) {
      command.add("--resume");
    }
    command.addAll(List.of("--device", cuda ? "cuda:" + local : "cpu"));
    command.addAll(List.of("--threads", Integer.toString(threads)));
    return command;
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
