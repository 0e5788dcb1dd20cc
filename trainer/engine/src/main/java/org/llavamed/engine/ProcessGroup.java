package org.llavamed.engine;

import java.util.Collection;

/**
 * Processes that train together. All call the same operations in the same order.
 *
 * <p>Each operation throws a {@link LostPeerException} if another process is gone.
 */
public interface ProcessGroup extends AutoCloseable {
  /** Returns the number of this process, from 0. */
  int rank();

  /** Returns the count of the processes. */
  int size();

  /** Replaces a tensor's numbers by the sum over all processes. */
  void sum(Tensor tensor);

  /**
   * Replaces the gradients by their mean over all processes. A process without a gradient of a
   * parameter counts as zeros; a parameter that no process has a gradient of gets none. Moved in
   * blocks of up to 64 MB; a larger parameter travels alone.
   */
  void averageGradients(Collection<Tensor> parameters);

  /** Replaces a tensor's numbers by those of one process. */
  void broadcast(Tensor tensor, int fromRank);

  /** Waits until all processes have come here. */
  void barrier();

  /** Leaves the group. */
  @Override
  void close();
}
