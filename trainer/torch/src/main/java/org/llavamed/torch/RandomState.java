package org.llavamed.torch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.global.torch;
import org.llavamed.engine.DType;
import org.llavamed.engine.Device;
import org.llavamed.engine.EngineException;

/** What the random numbers of the CPU and of the engine's GPU depend on, as bytes. */
final class RandomState {
  private final Device device;

  RandomState(Device device) {
    this.device = device;
  }

  private List<Generator> generators() {
    List<Generator> generators = new ArrayList<>();
    generators.add(torch.globalContext().defaultGenerator(Types.of(Device.CPU)));
    if (device.kind() == Device.Kind.CUDA) {
      generators.add(torch.globalContext().defaultGenerator(Types.of(device)));
    }
    return generators;
  }

  /** Returns the states, one behind the other. */
  byte[] get() {
    return TorchScope.run(
        () -> {
          List<ByteBuffer> states = generators().stream().map(RandomState::bytes).toList();
          ByteBuffer all =
              ByteBuffer.allocate(states.stream().mapToInt(ByteBuffer::remaining).sum());
          states.forEach(all::put);
          return all.array();
        });
  }

  private static ByteBuffer bytes(Generator generator) {
    org.bytedeco.pytorch.Tensor state = generator.get_state();
    return TorchTensor.bytes(state, 0, Math.toIntExact(state.nbytes()));
  }

  /**
   * Sets the states.
   *
   * @throws EngineException if they have another length, or the library refuses them
   */
  void set(byte[] all) {
    TorchScope.run(
        () -> {
          List<Generator> generators = generators();
          int expected = generators.stream().mapToInt(one -> bytes(one).remaining()).sum();
          if (expected != all.length) {
            throw EngineException.invalid(
                "random state",
                "it has %d bytes, expected %d on %s".formatted(all.length, expected, device),
                "Resume on the kind of device that wrote it");
          }
          ByteBuffer rest = ByteBuffer.wrap(all);
          generators.forEach(generator -> set(generator, rest));
          return true;
        });
  }

  private static void set(Generator generator, ByteBuffer rest) {
    org.bytedeco.pytorch.Tensor state = generator.get_state();
    int length = Math.toIntExact(state.nbytes());
    org.bytedeco.pytorch.Tensor given =
        torch.empty(
            new long[] {length}, Types.options(DType.U8, Device.CPU), new MemoryFormatOptional());
    TorchTensor.bytes(given, 0, length).put(rest.slice().limit(length));
    rest.position(rest.position() + length);
    Failures.named(
        () -> "random state",
        () -> {
          generator.set_state(given);
          return true;
        });
  }
}
