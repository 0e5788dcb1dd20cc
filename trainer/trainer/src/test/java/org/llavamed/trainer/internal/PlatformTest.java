package org.llavamed.trainer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.learning.TrainingException;

class PlatformTest {
  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, false, linux-x86_64, about 113 MB",
    "Linux, amd64, true, linux-x86_64-gpu, about 490 MB",
    "Mac OS X, aarch64, false, macosx-arm64, less than 113 MB",
    "Windows 11, amd64, false, windows-x86_64, less than 113 MB"
  })
  void eachMachineTakesItsBuild(
      String os, String processor, boolean cuda, String classifier, String size) {
    Platform platform = Platform.of(os, processor, cuda);
    assertThat(platform.classifier()).isEqualTo(classifier);
    assertThat(platform.megabytes()).isEqualTo(size);
  }

  @Test
  void aMachineWithoutABuildIsNamed() {
    assertThatThrownBy(() -> Platform.of("Linux", "aarch64", false))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "train: there is no engine for linux-arm64, expected linux-x86_64, macosx-arm64 or"
                + " windows-x86_64. Train on such a machine; a trained model runs on this one.");
    assertThatThrownBy(() -> Platform.of("Mac OS X", "arm64", true))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "--device cuda: there is no engine with CUDA for macosx-arm64, expected linux-x86_64."
                + " Train on Linux, or with --device cpu.");
  }

  @Test
  void cudaIsTakenWhereDriverAndLibrariesAreThere(@TempDir Path root) throws Exception {
    Path further = Files.createDirectories(root.resolve("further"));
    Path cuda = Files.createDirectories(root.resolve("usr/local/cuda/lib64"));
    for (String library : new String[] {"libcudart.so.13", "libcublas.so.13", "libcudnn.so.9"}) {
      Files.createFile(cuda.resolve(library));
    }
    Files.createFile(further.resolve("libnccl.so.2"));
    assertThat(Gpus.arePresent(root, further.toString())).isFalse();
    Files.createFile(
        Files.createDirectories(root.resolve("proc/driver/nvidia")).resolve("version"));
    assertThat(Gpus.arePresent(root, further.toString())).isTrue();
    assertThat(Gpus.arePresent(root, "")).isFalse();
  }
}
