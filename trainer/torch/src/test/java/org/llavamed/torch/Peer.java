package org.llavamed.torch;

import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.llavamed.engine.Device;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Engines;
import org.llavamed.engine.LostPeerException;
import org.llavamed.engine.ProcessGroup;
import org.llavamed.engine.Rendezvous;
import org.llavamed.engine.Tensor;

/** One of two processes of {@link TorchProcessGroupTest}: arguments are its rank and the port. */
final class Peer {
  private Peer() {}

  public static void main(String[] arguments) {
    int rank = Integer.parseInt(arguments[0]);
    Engine engine = Engines.open(Device.CPU);
    Rendezvous place =
        new Rendezvous(
            "127.0.0.1",
            Integer.parseInt(arguments[1]),
            rank,
            2,
            "127.0.0.1",
            Duration.ofSeconds(20));
    ProcessGroup group = engine.join(place);
    Tensor sum = of(engine, rank + 1, 10);
    group.sum(sum);
    show("sum", sum);
    Tensor both = of(engine, 1, 1).requireGradient(true);
    Tensor one = of(engine, 1, 1).requireGradient(true);
    both.times(rank + 2).sum().backward();
    if (rank == 1) {
      one.times(8).sum().backward();
    }
    Tensor none = of(engine, 1, 1).requireGradient(true);
    group.averageGradients(List.of(both, none, one));
    show("both", both.gradient().orElseThrow());
    show("one", one.gradient().orElseThrow());
    System.out.println("none " + none.gradient().isPresent());
    Tensor sent = of(engine, rank, rank * 7);
    group.broadcast(sent, 1);
    show("sent", sent);
    group.barrier();
    leave(group, rank);
  }

  /** Process 1 ends without a word, process 0 waits for it. */
  private static void leave(ProcessGroup group, int rank) {
    if (rank == 1) {
      Runtime.getRuntime().halt(0);
    }
    try {
      group.barrier();
      System.out.println("not lost");
    } catch (LostPeerException e) {
      System.out.println("lost: " + e.getMessage());
    }
    Runtime.getRuntime().halt(0);
  }

  private static Tensor of(Engine engine, float... numbers) {
    return engine.floats(FloatBuffer.wrap(numbers), numbers.length);
  }

  private static void show(String name, Tensor tensor) {
    System.out.println(name + " " + Arrays.toString(tensor.floats()));
  }
}
