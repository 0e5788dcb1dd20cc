package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.checkpoint.Half;
import org.llavamed.checkpoint.Safetensors;
import org.llavamed.checkpoint.StoredTensor;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;
import org.llavamed.inference.Progress;
import org.llavamed.inference.RandomModels.RandomModel;

class RandomModelTest {
  @TempDir Path folder;

  private final RandomModelMaker maker = new RandomModelMaker(Imports.importer());

  private RandomModel tiny(String out, long seed) {
    return new RandomModel("llava-tiny", seed, folder.resolve(out), Precisions.FP32);
  }

  @Test
  void aModelIsWhatTheImporterMakesOfTheCheckpoint() throws IOException {
    ModelCard card = maker.makeModel(tiny("m", 7), Progress.NONE);
    assertThat(card.name()).isEqualTo("random-llava-tiny");
    assertThat(card.version()).isEqualTo("7");
    assertThat(card.source()).contains("Random weights");
    assertThat(folder.resolve("m/llavamed.json")).exists();
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(Path::getFileName).map(Path::toString)).containsExactly("m");
    }
  }

  @Test
  void aShapeWithoutATowerIsATextModel() {
    RandomModel text =
        new RandomModel("llama-tiny", 0, folder.resolve("t"), Precisions.of(Precision.INT4));
    assertThat(maker.makeModel(text, Progress.NONE).template()).isEqualTo("plain");
    assertThat(folder.resolve("t/onnx/decoder_model_merged_q4.onnx")).exists();
    assertThat(folder.resolve("t/onnx/decoder_model_merged_int8.onnx")).exists();
    assertThat(folder.resolve("t/onnx/vision_encoder.onnx")).doesNotExist();
  }

  @Test
  void theSameSeedGivesTheSameWeights() throws IOException {
    maker.makeCheckpoint(tiny("a", 1), Progress.NONE);
    maker.makeCheckpoint(tiny("b", 1), Progress.NONE);
    maker.makeCheckpoint(tiny("c", 2), Progress.NONE);
    assertThat(weights("a")).hasSameBinaryContentAs(weights("b"));
    assertThat(Files.mismatch(weights("a"), weights("c"))).isNotNegative();
  }

  @Test
  void weightsAreSmallAndNormal() throws IOException {
    maker.makeCheckpoint(tiny("a", 3), Progress.NONE);
    Map<String, StoredTensor> tensors = Safetensors.read(weights("a"));
    double sum = 0;
    double squares = 0;
    List<Float> numbers = numbers(tensors, "language_model.lm_head.weight");
    for (float number : numbers) {
      sum += number;
      squares += number * number;
    }
    assertThat(sum / numbers.size()).isCloseTo(0, within(0.001));
    assertThat(Math.sqrt(squares / numbers.size())).isCloseTo(0.02, within(0.001));
    assertThat(numbers(tensors, "language_model.model.norm.weight")).containsOnly(1f);
    String tower = "vision_tower.vision_model.";
    assertThat(numbers(tensors, tower + "encoder.layers.0.layer_norm2.weight")).containsOnly(1f);
    assertThat(numbers(tensors, tower + "pre_layrnorm.bias")).containsOnly(0f);
  }

  @Test
  void everyShapeHasAsManyWeightsAsItsNameSays() {
    assertThat(maker.shapes())
        .containsExactly("llava-tiny", "llama-tiny", "clip-l-336", "tinyllama-1.1b", "mistral-7b");
    assertThat(weightsOf("tinyllama-1.1b")).isEqualTo(1_100_048_384L);
    assertThat(weightsOf("mistral-7b")).isEqualTo(7_241_732_096L);
    assertThat(
            RandomShape.named("clip-l-336").tensors().entrySet().stream()
                .filter(tensor -> tensor.getKey().startsWith("vision_tower."))
                .mapToLong(tensor -> count(tensor.getValue()))
                .sum())
        .isEqualTo(303_507_456L);
  }

  @Test
  void aFolderThatIsFullIsRefusedBeforeAnyWork() throws IOException {
    Files.createDirectory(folder.resolve("m"));
    Files.writeString(folder.resolve("m/text"), "mine");
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> maker.makeModel(tiny("m", 0), (what, done, total) -> failOnWork(what)))
        .withMessageContaining("it exists and is not an empty folder. Name a folder that does not");
    assertThat(folder.resolve("m/text")).hasContent("mine");
  }

  @Test
  void anInterruptedThreadStopsWhileWeightsAreWritten() {
    Progress interrupt = (what, done, total) -> Thread.currentThread().interrupt();
    try {
      assertThatExceptionOfType(ModelException.class)
          .isThrownBy(() -> maker.makeCheckpoint(tiny("m", 0), interrupt))
          .withMessageContaining("the import was stopped, nothing was kept");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatAKilledImportLeftIsFound() throws IOException {
    Path left = Files.createDirectory(folder.resolve(".m.import-1"));
    Files.createDirectory(folder.resolve(".n.import-1"));
    assertThat(FreshFolder.drafts(folder.resolve("m"))).containsExactly(left);
  }

  @Test
  void anotherShapeIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RandomShape.named("huge"))
        .withMessage(
            "there is no shape 'huge', expected one of [llava-tiny, llama-tiny, clip-l-336,"
                + " tinyllama-1.1b, mistral-7b]");
  }

  private static void failOnWork(String what) {
    throw new AssertionError("worked on " + what);
  }

  private Path weights(String name) {
    return folder.resolve(name).resolve("model.safetensors");
  }

  private static List<Float> numbers(Map<String, StoredTensor> tensors, String name)
      throws IOException {
    StoredTensor tensor = Objects.requireNonNull(tensors.get(name), name);
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(tensor.length())).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(tensor.file())) {
      channel.read(bytes, tensor.offset());
    }
    bytes.flip();
    return Stream.generate(() -> Half.toFloat(bytes.getShort()))
        .limit(tensor.length() / 2)
        .toList();
  }

  private static long weightsOf(String shape) {
    return RandomShape.named(shape).tensors().values().stream()
        .mapToLong(RandomModelTest::count)
        .sum();
  }

  private static long count(List<Integer> extents) {
    return extents.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }
}
