package org.llavamed.torch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.BroadcastOptions;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch;
import org.llavamed.engine.Device;
import org.llavamed.engine.LostPeerException;
import org.llavamed.engine.ProcessGroup;
import org.llavamed.engine.Rendezvous;
import org.llavamed.engine.Tensor;

/** PyTorch's collective operations: Gloo on the CPU, NCCL on GPUs. */
final class TorchProcessGroup implements ProcessGroup {
  /** Numbers of gradients that travel together: 64 MB of 32 bits. */
  private static final long BLOCK = 1 << 24;

  private final TCPStore store;
  private final Backend backend;
  private final Rendezvous place;

  private TorchProcessGroup(TCPStore store, Backend backend, Rendezvous place) {
    this.store = store;
    this.backend = backend;
    this.place = place;
  }

  /** Joins a group; process 0 keeps the store in which the others find each other. */
  static ProcessGroup join(Rendezvous place, Device device) {
    return collective(
        "join",
        place,
        () -> {
          TCPStore store = store(place);
          Backend backend =
              device.kind() == Device.Kind.CUDA ? nccl(store, place) : gloo(store, place);
          TorchProcessGroup group = new TorchProcessGroup(store, backend, place);
          group.barrier();
          return group;
        });
  }

  private static TCPStore store(Rendezvous place) {
    TCPStoreOptions options = new TCPStoreOptions();
    options
        .port((short) place.port())
        .isServer(place.rank() == 0)
        .waitWorkers(true)
        .numWorkers(new SizeTPointer(1).put(place.size()))
        .timeout(timeout(place));
    return new TCPStore(place.host(), options).retainReference();
  }

  /** The store is handed over as a clone: a second owner of one pointer ends the process. */
  private static Backend gloo(TCPStore store, Rendezvous place) {
    ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(timeout(place));
    options.devices(
        new GlooDeviceVector(ProcessGroupGloo.createDeviceForHostname(place.address())));
    return new ProcessGroupGloo(store.clone(), place.rank(), place.size(), options)
        .retainReference();
  }

  private static Backend nccl(TCPStore store, Rendezvous place) {
    org.bytedeco.pytorch.nccl.ProcessGroupNCCL group =
        new org.bytedeco.pytorch.nccl.ProcessGroupNCCL(store.clone(), place.rank(), place.size());
    group.setTimeout(timeout(place));
    return group.retainReference();
  }

  private static Milliseconds timeout(Rendezvous place) {
    return new Milliseconds(place.timeout().toMillis());
  }

  @Override
  public int rank() {
    return place.rank();
  }

  @Override
  public int size() {
    return place.size();
  }

  @Override
  public void sum(Tensor tensor) {
    TorchScope.run(() -> sum(TorchTensor.of(tensor).detach()));
  }

  private boolean sum(org.bytedeco.pytorch.Tensor tensor) {
    return finish("sum", () -> backend.allreduce(new TensorVector(tensor)));
  }

  @Override
  public void averageGradients(Collection<Tensor> parameters) {
    List<org.bytedeco.pytorch.Tensor> block = new ArrayList<>();
    long numbers = 0;
    for (Tensor parameter : parameters) {
      org.bytedeco.pytorch.Tensor next = TorchTensor.of(parameter);
      boolean other =
          !block.isEmpty() && block.get(0).scalar_type().intern() != next.scalar_type().intern();
      if (other || numbers >= BLOCK) {
        average(block);
        block.clear();
        numbers = 0;
      }
      block.add(next);
      numbers += next.numel();
    }
    if (!block.isEmpty()) {
      average(block);
    }
  }

  private void average(List<org.bytedeco.pytorch.Tensor> parameters) {
    boolean recorded = Modes.record(false);
    try {
      TorchScope.run(() -> averaged(parameters));
    } finally {
      Modes.record(recorded);
    }
  }

  /** Returns how many numbers travelled. */
  private long averaged(List<org.bytedeco.pytorch.Tensor> parameters) {
    TensorVector parts = new TensorVector();
    for (org.bytedeco.pytorch.Tensor parameter : parameters) {
      parts.push_back(gradient(parameter).view(-1));
    }
    org.bytedeco.pytorch.Tensor flat = torch.cat(parts, 0);
    sum(flat);
    flat.div_(new Scalar((double) size()));
    long start = 0;
    for (org.bytedeco.pytorch.Tensor parameter : parameters) {
      long length = parameter.numel();
      parameter.grad().view(-1).copy_(flat.narrow(0, start, length));
      start += length;
    }
    return start;
  }

  private static org.bytedeco.pytorch.Tensor gradient(org.bytedeco.pytorch.Tensor parameter) {
    if (!parameter.grad().defined()) {
      parameter.mutable_grad().put(torch.zeros_like(parameter));
    } else if (!parameter.grad().is_contiguous()) {
      parameter.mutable_grad().put(parameter.grad().contiguous());
    }
    return parameter.grad();
  }

  @Override
  public void broadcast(Tensor tensor, int fromRank) {
    TorchScope.run(
        () ->
            finish(
                "broadcast",
                () ->
                    backend.broadcast(
                        new TensorVector(TorchTensor.of(tensor).detach()),
                        new BroadcastOptions().rootRank(fromRank))));
  }

  @Override
  public void barrier() {
    TorchScope.run(() -> finish("barrier", backend::barrier));
  }

  private boolean finish(String operation, Supplier<Work> start) {
    return collective(operation, place, () -> start.get()._wait());
  }

  private static <T> T collective(String operation, Rendezvous place, Supplier<T> work) {
    try {
      return work.get();
    } catch (LostPeerException e) {
      throw e;
    } catch (RuntimeException e) { // JavaCPP's form of a C++ exception
      throw LostPeerException.during(operation, place.rank(), place.size(), e);
    }
  }

  @Override
  public void close() {
    backend.close();
    store.close();
  }
}
