package org.llavamed.torch;

import java.io.IOException;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.llavamed.engine.EngineException;

/** Unpacks and loads PyTorch's native libraries. */
final class Natives {
  private static final String FOLDER = "/org/bytedeco/pytorch/";

  /**
   * Libraries that depend on each other. JavaCPP unpacks each one right before it loads it; the
   * dynamic linker would then take the next one from a PyTorch of the system, where there is one.
   */
  private static final List<String> TOGETHER =
      List.of(
          "libc10.so",
          "libc10_cuda.so",
          "libtorch_cpu.so",
          "libtorch_cuda.so",
          "libtorch_global_deps.so",
          "libtorch.so");

  private Natives() {}

  /**
   * Loads the libraries; a second call does nothing.
   *
   * @throws EngineException if they are not on the class path or do not fit this machine
   */
  static void load() {
    try {
      unpack();
      Loader.load(torch.class);
    } catch (IOException e) {
      throw EngineException.invalid(
          "PyTorch",
          "its libraries cannot be unpacked (%s)".formatted(e.getMessage()),
          "Make room on the disk of ~/.javacpp, or set org.bytedeco.javacpp.cachedir",
          e);
    } catch (LinkageError e) {
      throw EngineException.invalid(
          "PyTorch",
          "its libraries for %s cannot be loaded (%s)"
              .formatted(Loader.getPlatform(), e.getMessage()),
          "Put pytorch, openblas and javacpp for this platform on the class path",
          e);
    }
  }

  private static void unpack() throws IOException {
    String extension = System.getProperty("org.bytedeco.javacpp.platform.extension", "");
    for (String variant : extension.isEmpty() ? List.of("") : List.of("", extension)) {
      for (String library : TOGETHER) {
        String resource = FOLDER + Loader.getPlatform() + variant + "/" + library;
        if (Natives.class.getResource(resource) != null) {
          Loader.cacheResource(Natives.class, resource);
        }
      }
    }
  }
}
