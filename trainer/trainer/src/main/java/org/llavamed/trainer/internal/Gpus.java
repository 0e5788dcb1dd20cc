package org.llavamed.trainer.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Knows whether this machine has what the build of the tensor library for GPUs needs. */
final class Gpus {
  private static final List<String> NEEDED =
      List.of("libcudart.so.13", "libcublas.so.13", "libcudnn.so.9", "libnccl.so.2");

  private static final List<String> FOLDERS =
      List.of("usr/local/cuda/lib64", "usr/lib/x86_64-linux-gnu", "usr/lib64", "lib64");

  private Gpus() {}

  /** Returns whether there is a driver of NVIDIA's, with CUDA 13, cuDNN 9 and NCCL. */
  static boolean arePresent() {
    return arePresent(Path.of("/"), System.getenv().getOrDefault("LD_LIBRARY_PATH", ""));
  }

  static boolean arePresent(Path root, String libraryPath) {
    List<Path> folders =
        Stream.concat(
                FOLDERS.stream().map(root::resolve),
                Stream.of(libraryPath.split(":", -1)).filter(f -> !f.isBlank()).map(Path::of))
            .toList();
    return Files.exists(root.resolve("proc/driver/nvidia/version"))
        && NEEDED.stream()
            .allMatch(file -> folders.stream().anyMatch(f -> Files.exists(f.resolve(file))));
  }
}
