package org.llavamed.learning.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;

/** The parameters of a model by the names that Hugging Face's LLaVA gives them. */
public final class Parameters {
  /** Numbers that are read at a time. */
  private static final int PIECE = 1 << 20;

  private final Engine engine;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Set<String> idle = new HashSet<>();

  Parameters(Engine engine) {
    this.engine = engine;
  }

  /** Makes parameters and keeps them. */
  final class Builder {
    private final Weights weights;
    private final boolean takesNoPart;

    private Builder(Weights weights, boolean takesNoPart) {
      this.weights = weights;
      this.takesNoPart = takesNoPart;
    }

    /** Makes a parameter. */
    Tensor add(String name, Weights.Kind kind, long... shape) {
      Tensor tensor = weights.get(name, kind, shape);
      tensors.put(name, tensor);
      if (takesNoPart) {
        idle.add(name);
      }
      return tensor;
    }

    /** Returns whether there are numbers for a parameter. */
    boolean has(String name) {
      return weights.has(name);
    }

    /** Returns a builder of parameters that take no part in what the model computes. */
    Builder idle() {
      return new Builder(weights, true);
    }
  }

  Builder builder(Weights weights) {
    return new Builder(weights, false);
  }

  void add(String name, Tensor tensor) {
    tensors.put(name, tensor);
  }

  void remove(String name) {
    tensors.remove(name);
  }

  /** Returns all, in the order in which the model uses them, adapters behind the others. */
  public Map<String, Tensor> all() {
    return Collections.unmodifiableMap(tensors);
  }

  /** Returns those of a part. */
  public Map<String, Tensor> of(Part part) {
    Map<String, Tensor> found = new LinkedHashMap<>(tensors);
    found.keySet().removeIf(name -> !part.holds(name));
    return found;
  }

  /** Returns those of a part that get gradients. */
  public Map<String, Tensor> trained(Part part) {
    Map<String, Tensor> found = of(part);
    found.values().removeIf(tensor -> !tensor.requiresGradient());
    return found;
  }

  /** Returns all that get gradients. */
  public Map<String, Tensor> trained() {
    Map<String, Tensor> found = new LinkedHashMap<>(tensors);
    found.values().removeIf(tensor -> !tensor.requiresGradient());
    return found;
  }

  /** Returns the count of all numbers. */
  public long count() {
    return tensors.values().stream().mapToLong(Tensor::count).sum();
  }

  void train(Part part, boolean trained) {
    of(part).forEach((name, tensor) -> tensor.requireGradient(trained && !idle.contains(name)));
  }

  /** Forgets the gradients of those that get none. */
  void forgetFrozen() {
    for (Tensor tensor : tensors.values()) {
      if (!tensor.requiresGradient()) {
        tensor.clearGradient();
      }
    }
  }

  /** Returns the SHA-256 of names and numbers of those that get no gradients. */
  public String frozenHash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      tensors.forEach(
          (name, tensor) -> {
            if (!tensor.requiresGradient()) {
              digest.update(name.getBytes(StandardCharsets.UTF_8));
              update(digest, tensor);
            }
          });
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private void update(MessageDigest digest, Tensor tensor) {
    for (long from = 0; from < tensor.count(); from += PIECE) {
      long start = from;
      long end = Math.min(tensor.count(), from + PIECE);
      ByteBuffer piece = ByteBuffer.allocate((int) (end - start) * tensor.type().bytes());
      engine.inScope(
          () -> {
            tensor.detach().view(-1).slice(0, start, end).read(0, piece);
            return true;
          });
      digest.update(piece.flip());
    }
  }
}
