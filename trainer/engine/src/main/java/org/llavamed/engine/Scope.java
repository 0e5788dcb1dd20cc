package org.llavamed.engine;

/**
 * The life of tensors: closing a scope frees the memory of all tensors that its thread made since
 * it was opened, but those that it keeps. Scopes of a thread nest, and are closed by the thread
 * that opened them, the inner ones first. Tensors that are made outside of all scopes live as long
 * as they are reachable.
 *
 * <p>A step of training is one scope: the garbage collector does not see native memory.
 */
public interface Scope extends AutoCloseable {
  /**
   * Lets a tensor outlive this scope: it belongs to the scope around, or to none. One that was made
   * outside of all scopes stays as it is.
   *
   * @return the tensor
   */
  Tensor keep(Tensor tensor);

  @Override
  void close();
}
