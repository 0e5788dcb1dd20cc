package org.llavamed.torch;

import java.net.InetAddress;
import java.net.UnknownHostException;
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
import org.llavamed.engine.DType;
import org.llavamed.engine.Device;
import org.llavamed.engine.EngineException;
import org.llavamed.engine.LostPeerException;
import org.llavamed.engine.ProcessGroup;
import org.llavamed.engine.Rendezvous;
import org.llavamed.engine.Tensor;

/**
 * PyTorch's collective operations: Gloo on the CPU, NCCL on GPUs. NCCL reports a lost process to
 * the one that waits only where the environment has {@code TORCH_NCCL_BLOCKING_WAIT=1}, else it
 * ends this process.
 */
final class TorchProcessGroup implements ProcessGroup {
  /** Most numbers of gradients that travel together, 64 MB of 32 bits; a larger one goes alone. */
  private static final long BLOCK = 1 << 24;

  private final TCPStore store;
  private final Backend backend;
  private final Rendezvous place;
  private final Device device;

  private TorchProcessGroup(TCPStore store, Backend backend, Rendezvous place, Device device) {
    this.store = store;
    this.backend = backend;
    this.place = place;
    this.device = device;
  }

  /** Joins a group; process 0 keeps the store in which the others find each other. */
  static ProcessGroup join(Rendezvous place, Device device) {
    try {
      TCPStore store = store(place);
      Backend backend = device.kind() == Device.Kind.CUDA ? nccl(store, place) : gloo(store, place);
      TorchProcessGroup group = new TorchProcessGroup(store, backend, place, device);
      group.barrier();
      return group;
    } catch (EngineException | LostPeerException e) {
      throw e;
    } catch (RuntimeException e) { // JavaCPP's form of a C++ exception
      throw notJoined(place, e);
    }
  }

  private static RuntimeException notJoined(Rendezvous place, RuntimeException cause) {
    if (String.valueOf(cause.getMessage()).contains("EADDRINUSE")) {
      return EngineException.invalid(
          at(place.host(), place), "another program listens there", "Choose a free port", cause);
    }
    for (String name : List.of(place.host(), place.address())) {
      if (!isKnown(name)) {
        return EngineException.invalid(
            at(name, place),
            "no machine of this name is known",
            "Give a name or an address that this machine can resolve",
            cause);
      }
    }
    return LostPeerException.during("join", place.rank(), place.size(), cause);
  }

  private static String at(String name, Rendezvous place) {
    return "%s, port %d".formatted(name, place.port());
  }

  private static boolean isKnown(String name) {
    try {
      return InetAddress.getAllByName(name).length > 0;
    } catch (UnknownHostException e) {
      return false;
    }
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
    for (org.bytedeco.pytorch.Tensor next : withGradients(parameters)) {
      boolean other =
          !block.isEmpty() && block.get(0).scalar_type().intern() != next.scalar_type().intern();
      if (other || numbers + next.numel() > BLOCK) {
        average(block);
        block.clear();
        numbers = 0;
      }
      block.add(next);
      numbers += next.numel();
    }
    average(block);
  }

  /** Returns the parameters of which some process has a gradient. */
  private List<org.bytedeco.pytorch.Tensor> withGradients(Collection<Tensor> parameters) {
    List<org.bytedeco.pytorch.Tensor> all = parameters.stream().map(TorchTensor::of).toList();
    if (all.isEmpty()) {
      return all;
    }
    float[] here = new float[all.size()];
    for (int i = 0; i < here.length; i++) {
      here[i] = all.get(i).grad().defined() ? 1 : 0;
    }
    float[] anywhere =
        TorchScope.run(
            () -> {
              Tensor counts = new TorchTensor(torch.tensor(here)).to(device);
              sum(counts);
              return counts.floats();
            });
    List<org.bytedeco.pytorch.Tensor> found = new ArrayList<>();
    for (int i = 0; i < anywhere.length; i++) {
      if (anywhere[i] > 0) {
        found.add(all.get(i));
      }
    }
    return found;
  }

  private void average(List<org.bytedeco.pytorch.Tensor> parameters) {
    boolean recorded = Modes.record(false);
    try {
      TorchScope.run(() -> averaged(parameters));
    } finally {
      Modes.record(recorded);
    }
  }

  /** Returns how many numbers travelled; those of one parameter do where they are. */
  private long averaged(List<org.bytedeco.pytorch.Tensor> parameters) {
    TensorVector parts = new TensorVector();
    for (org.bytedeco.pytorch.Tensor parameter : parameters) {
      parts.push_back(gradient(parameter).view(-1));
    }
    if (parts.size() <= 1) {
      return parts.empty() ? 0 : mean(parts.get(0)).numel();
    }
    org.bytedeco.pytorch.Tensor flat = mean(torch.cat(parts, 0));
    long start = 0;
    for (org.bytedeco.pytorch.Tensor parameter : parameters) {
      long length = parameter.numel();
      parameter.grad().view(-1).copy_(flat.narrow(0, start, length));
      start += length;
    }
    return start;
  }

  private org.bytedeco.pytorch.Tensor mean(org.bytedeco.pytorch.Tensor flat) {
    sum(flat);
    return flat.div_(new Scalar((double) size()));
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
    TorchScope.run( // not the library's own barrier, which would choose a GPU by itself
        () -> finish("barrier", () -> backend.allreduce(new TensorVector(one()))));
  }

  private org.bytedeco.pytorch.Tensor one() {
    return torch.ones(new long[] {1}, Types.options(DType.F32, device));
  }

  private boolean finish(String operation, Supplier<Work> start) {
    try {
      return start.get()._wait();
    } catch (EngineException | LostPeerException e) {
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
