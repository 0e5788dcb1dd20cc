package org.llavamed.torch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.llavamed.engine.AdamW;
import org.llavamed.engine.DType;
import org.llavamed.engine.EngineException;
import org.llavamed.engine.Tensor;

/**
 * AdamW on PyTorch's operations, in the order of Python's {@code torch.optim.AdamW}. Not libtorch's
 * own class: its state cannot be named from Java, and its pair of betas lies in memory in an order
 * that depends on the C++ library.
 */
final class TorchAdamW implements AdamW {
  private static final String STEP = ".step";
  private static final String FIRST = ".exp_avg";
  private static final String SECOND = ".exp_avg_sq";

  private final Settings settings;
  private final List<Slot> slots = new ArrayList<>();
  private final double[] rates;

  /** A parameter with its state; without moments until its first update. */
  private static final class Slot {
    private final Parameter parameter;
    private final int group;
    private final double decay;
    private long steps;
    private org.bytedeco.pytorch.@Nullable Tensor first;
    private org.bytedeco.pytorch.@Nullable Tensor second;

    private Slot(Parameter parameter, int group, double decay) {
      this.parameter = parameter;
      this.group = group;
      this.decay = decay;
    }
  }

  TorchAdamW(List<Group> groups, Settings settings) {
    this.settings = settings;
    this.rates = groups.stream().mapToDouble(Group::learningRate).toArray();
    Map<String, Parameter> names = new LinkedHashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      for (Parameter parameter : groups.get(i).parameters()) {
        if (names.put(parameter.name(), parameter) != null) {
          throw EngineException.invalid(
              "optimiser", parameter.name() + " is there twice", "Give each parameter once");
        }
        check(parameter);
        slots.add(new Slot(parameter, i, groups.get(i).weightDecay()));
      }
    }
  }

  private static void check(Parameter parameter) {
    if (parameter.tensor().type() != DType.F32) {
      throw EngineException.invalid(
          parameter.name(),
          "its type is %s, expected F32".formatted(parameter.tensor().type()),
          "Train parameters in 32-bit floating point");
    }
  }

  @Override
  public void learningRate(int group, double rate) {
    rates[group] = rate;
  }

  @Override
  public void step() {
    boolean recorded = Modes.record(false);
    try {
      slots.forEach(slot -> TorchScope.run(() -> update(slot)));
    } finally {
      Modes.record(recorded);
    }
  }

  /** Returns whether there was a gradient. */
  private boolean update(Slot slot) {
    org.bytedeco.pytorch.Tensor weight = TorchTensor.of(slot.parameter.tensor());
    boolean moved = weight.grad().defined();
    if (moved) {
      update(slot, weight, weight.grad());
    }
    return moved;
  }

  private void update(
      Slot slot, org.bytedeco.pytorch.Tensor weight, org.bytedeco.pytorch.Tensor gradient) {
    org.bytedeco.pytorch.Tensor first = slot.first == null ? begin(weight) : slot.first;
    org.bytedeco.pytorch.Tensor second = slot.second == null ? begin(weight) : slot.second;
    slot.first = first;
    slot.second = second;
    slot.steps++;
    double rate = rates[slot.group];
    double beta1 = settings.beta1();
    double beta2 = settings.beta2();
    if (slot.decay != 0) {
      weight.mul_(new Scalar(1 - rate * slot.decay));
    }
    first.lerp_(gradient, new Scalar(1 - beta1));
    second.mul_(new Scalar(beta2)).addcmul_(gradient, gradient, new Scalar(1 - beta2));
    double step = rate / (1 - Math.pow(beta1, (double) slot.steps));
    double root = Math.sqrt(1 - Math.pow(beta2, (double) slot.steps));
    org.bytedeco.pytorch.Tensor denominator =
        second.sqrt().div_(new Scalar(root)).add_(new Scalar(settings.epsilon()));
    weight.addcdiv_(first, denominator, new Scalar(-step));
  }

  /** Zeros that no scope frees. */
  private static org.bytedeco.pytorch.Tensor begin(org.bytedeco.pytorch.Tensor weight) {
    return torch.zeros_like(weight).retainReference();
  }

  @Override
  public void clearGradients() {
    slots.forEach(slot -> slot.parameter.tensor().clearGradient());
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    for (Slot slot : slots) {
      if (slot.first != null && slot.second != null) {
        String name = slot.parameter.name();
        state.put(name + FIRST, new TorchTensor(slot.first));
        state.put(name + SECOND, new TorchTensor(slot.second));
        state.put(name + STEP, new TorchTensor(torch.tensor(slot.steps)));
      }
    }
    return state;
  }

  @Override
  public void state(Map<String, Tensor> state) {
    check(state);
    for (Slot slot : slots) {
      String name = slot.parameter.name();
      if (state.containsKey(name + STEP)) {
        slot.first = restored(slot, get(name + FIRST, state));
        slot.second = restored(slot, get(name + SECOND, state));
        slot.steps = (long) get(name + STEP, state).item();
      } else {
        slot.first = null;
        slot.second = null;
        slot.steps = 0;
      }
    }
  }

  private void check(Map<String, Tensor> state) {
    int found = 0;
    for (Slot slot : slots) {
      String name = slot.parameter.name();
      if (state.containsKey(name + STEP)) {
        checkMoment(slot, name + FIRST, state);
        checkMoment(slot, name + SECOND, state);
        checkSteps(name + STEP, get(name + STEP, state));
        found += 3;
      }
    }
    if (found != state.size()) {
      throw EngineException.invalid(
          "optimiser state",
          "%d of its %d tensors belong to no parameter"
              .formatted(state.size() - found, state.size()),
          "Resume with the recipe it was written with");
    }
  }

  private static void checkMoment(Slot slot, String name, Map<String, Tensor> state) {
    List<Long> shape = slot.parameter.tensor().shape();
    Tensor stored = get(name, state);
    if (!stored.shape().equals(shape) || stored.type() != DType.F32) {
      throw EngineException.invalid(
          name,
          "it is %s, expected F32 %s".formatted(stored, shape),
          "Resume with the recipe it was written with");
    }
  }

  private static void checkSteps(String name, Tensor stored) {
    if (stored.count() != 1 || !(stored.item() >= 1)) {
      throw EngineException.invalid(
          name,
          "it is %s, expected 1 or more"
              .formatted(stored.count() == 1 ? (Object) (long) stored.item() : stored),
          "Take an earlier checkpoint");
    }
  }

  private static org.bytedeco.pytorch.Tensor restored(Slot slot, Tensor stored) {
    org.bytedeco.pytorch.Tensor moment = begin(TorchTensor.of(slot.parameter.tensor()));
    moment.copy_(TorchTensor.of(stored));
    return moment;
  }

  private static Tensor get(String name, Map<String, Tensor> state) {
    Tensor tensor = state.get(name);
    if (tensor == null) {
      throw EngineException.invalid(
          "optimiser state", name + " is missing", "Take an earlier checkpoint");
    }
    return tensor;
  }
}
