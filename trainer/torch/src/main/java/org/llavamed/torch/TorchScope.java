package org.llavamed.torch;

import java.util.Iterator;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;
import org.llavamed.engine.Scope;
import org.llavamed.engine.Tensor;

/** A scope of JavaCPP. */
final class TorchScope implements Scope {
  private final PointerScope scope = new PointerScope();

  /** Runs work and frees all that it made; its result is none of PyTorch's objects. */
  static <T> T run(Supplier<T> work) {
    PointerScope scope = new PointerScope();
    try {
      return work.get();
    } finally {
      scope.close();
    }
  }

  @Override
  public Tensor keep(Tensor tensor) {
    org.bytedeco.pytorch.Tensor kept = TorchTensor.of(tensor);
    if (kept.referenceCount() == 0) { // no scope holds it
      return tensor;
    }
    PointerScope around = around();
    if (around == null) {
      kept.retainReference();
    } else {
      around.attach(kept);
    }
    return tensor;
  }

  private @Nullable PointerScope around() {
    Iterator<PointerScope> scopes = PointerScope.getScopeIterator();
    while (scopes.hasNext()) {
      if (scopes.next() == scope) {
        return scopes.hasNext() ? scopes.next() : null;
      }
    }
    return null;
  }

  @Override
  public void close() {
    scope.close();
  }
}
