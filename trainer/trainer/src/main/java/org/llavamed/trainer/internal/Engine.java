package org.llavamed.trainer.internal;

import java.nio.file.Path;
import java.util.List;

/**
 * The tensor library, ready for a class path.
 *
 * @param jars sorted
 * @param natives folder that its libraries are unpacked to when they are first used
 */
record Engine(List<Path> jars, Path natives) {
  Engine {
    jars = List.copyOf(jars);
  }
}
