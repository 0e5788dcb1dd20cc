package org.llavamed.network;

import java.nio.file.Path;
import java.util.List;

/**
 * What became of a retrieval.
 *
 * @param files the objects, in the order in which they came
 * @param problem one sentence where the peer says that it did not give all; empty otherwise
 */
public record WebRetrieval(List<Path> files, String problem) {
  public WebRetrieval {
    files = List.copyOf(files);
  }
}
