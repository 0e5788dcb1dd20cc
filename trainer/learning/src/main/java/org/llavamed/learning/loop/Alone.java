package org.llavamed.learning.loop;

import java.util.Collection;
import org.llavamed.engine.ProcessGroup;
import org.llavamed.engine.Tensor;

/** The group of a process that trains alone: nobody to wait for. */
public final class Alone implements ProcessGroup {
  @Override
  public int rank() {
    return 0;
  }

  @Override
  public int size() {
    return 1;
  }

  @Override
  public void sum(Tensor tensor) {}

  @Override
  public void averageGradients(Collection<Tensor> parameters) {}

  @Override
  public void broadcast(Tensor tensor, int fromRank) {}

  @Override
  public void barrier() {}

  @Override
  public void close() {}
}
