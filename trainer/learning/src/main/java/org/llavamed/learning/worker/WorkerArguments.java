package org.llavamed.learning.worker;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.llavamed.engine.Device;
import org.llavamed.engine.Rendezvous;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.run.RunFolder;

/**
 * How a worker process is started. Arguments: {@code RUN_FOLDER [--resume] [--device cpu|cuda:N]
 * [--threads N]}; {@code --device cuda} takes the GPU of the process's number on its machine.
 * Several processes find each other by torchrun's variables RANK, WORLD_SIZE, MASTER_ADDR,
 * MASTER_PORT and LOCAL_RANK; without WORLD_SIZE the process trains alone.
 *
 * @param folder of the run
 * @param resume whether it goes on from the newest checkpoint
 * @param device that computes
 * @param threads that compute on the CPU; empty for the library's choice
 * @param rendezvous with the other processes; empty where there is one
 */
record WorkerArguments(
    RunFolder folder,
    boolean resume,
    Device device,
    OptionalInt threads,
    Optional<Rendezvous> rendezvous) {
  private static final String USAGE =
      "Start it as RUN_FOLDER [--resume] [--device cpu|cuda:N] [--threads N]";

  /** As long as reading a large data set may differ between two processes. */
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  /**
   * Reads arguments and environment.
   *
   * @throws TrainingException if one is unknown, missing or out of its range
   */
  static WorkerArguments parse(String[] arguments, Map<String, String> environment) {
    Deque<String> rest = new ArrayDeque<>(Arrays.asList(arguments));
    if (rest.isEmpty() || rest.peek().startsWith("--")) {
      throw wrong("the folder of the run is missing");
    }
    RunFolder folder = new RunFolder(Path.of(rest.pop()));
    boolean resume = false;
    String device = "cpu";
    OptionalInt threads = OptionalInt.empty();
    while (!rest.isEmpty()) {
      String option = rest.pop();
      switch (option) {
        case "--resume" -> resume = true;
        case "--device" -> device = value(option, rest);
        case "--threads" ->
            threads = OptionalInt.of(number(option, value(option, rest), 1, 1 << 12));
        default -> throw wrong("'%s' is unknown".formatted(option));
      }
    }
    if (device.equals("cuda")) {
      device += ":" + variable(environment, "LOCAL_RANK", 0, 63);
    }
    return new WorkerArguments(
        folder, resume, Device.parse(device), threads, rendezvous(environment));
  }

  private static Optional<Rendezvous> rendezvous(Map<String, String> environment) {
    int size = variable(environment, "WORLD_SIZE", 1, 1 << 16);
    if (size == 1) {
      return Optional.empty();
    }
    int rank = required(environment, "RANK", size - 1);
    int port = required(environment, "MASTER_PORT", 65_535);
    String host = environment.getOrDefault("MASTER_ADDR", "127.0.0.1");
    return Optional.of(new Rendezvous(host, port, rank, size, ownAddress(host, port), PATIENCE));
  }

  /** Returns the address that this machine has towards another; nothing is sent. */
  private static String ownAddress(String host, int port) {
    try (var socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(InetAddress.getByName(host), port));
      return socket.getLocalAddress().getHostAddress();
    } catch (IOException e) {
      throw TrainingException.invalid(
          "MASTER_ADDR",
          "there is no way to '%s' (%s)".formatted(host, e.getMessage()),
          "Give the address of process 0 as this machine reaches it",
          e);
    }
  }

  private static int required(Map<String, String> environment, String name, int most) {
    if (!environment.containsKey(name)) {
      throw TrainingException.invalid(
          name,
          "it is not set, but WORLD_SIZE is",
          "Set RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT");
    }
    return variable(environment, name, 0, most);
  }

  private static int variable(Map<String, String> environment, String name, int least, int most) {
    return number(name, environment.getOrDefault(name, "" + least), least, most);
  }

  private static String value(String option, Deque<String> rest) {
    if (rest.isEmpty()) {
      throw wrong(option + " has no value");
    }
    return rest.pop();
  }

  private static int number(String name, String text, int least, int most) {
    int number = text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
    if (number < least || number > most) {
      throw TrainingException.invalid(
          name, "it is '%s', expected %d to %d".formatted(text, least, most), "Give such a number");
    }
    return number;
  }

  private static TrainingException wrong(String found) {
    return TrainingException.invalid("arguments of the worker", found, USAGE);
  }
}
