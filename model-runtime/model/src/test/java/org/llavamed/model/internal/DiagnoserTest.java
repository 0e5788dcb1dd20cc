package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.inference.Diagnosis;

class DiagnoserTest {
  private static final Backend CPU = new Backend(false, false, "the CPU: a test");

  @TempDir Path scratch;

  @Test
  void theEmbeddedModelRunsHere() {
    Diagnosis diagnosis = new OnnxModelRuntime(TinyVqa.SETTINGS).diagnose(TinyVqa.FOLDER);
    System.out.println(diagnosis);
    assertThat(diagnosis.problems()).isEmpty();
    assertThat(diagnosis.healthy()).isTrue();
    assertThat(diagnosis.engine().version()).isEqualTo("1.29.0");
    assertThat(diagnosis.engine().providers()).contains("CPU");
    assertThat(diagnosis.machine().cores()).isPositive();
    Diagnosis.Model model = diagnosis.model().orElseThrow();
    assertThat(model.files()).isEqualTo(12);
    assertThat(model.graphs()).containsOnlyKeys("vision", "prefill", "decode");
    assertThat(model.measurements()).isEmpty();
    // 4 layers, keys and values, float32.
    ModelDescription description = ModelFolder.open(TinyVqa.FOLDER).description();
    assertThat(model.need().cachePerThousandTokens())
        .isEqualTo(1000L * 2 * 4 * description.kvHeads() * description.headSize() * 4);
  }

  @Test
  void aDamagedFileIsAProblemAndNoException() throws IOException {
    ModelFolder folder = Variants.make(scratch.resolve("m"), List.of(""), List.of(""));
    Path file = folder.path().resolve("onnx/decoder_model_merged.onnx_data");
    byte[] bytes = Files.readAllBytes(file);
    bytes[77] ^= 1;
    Files.write(file, bytes);
    Diagnosis diagnosis = new OnnxModelRuntime(TinyVqa.SETTINGS).diagnose(folder.path());
    assertThat(diagnosis.healthy()).isFalse();
    assertThat(diagnosis.model()).isEmpty();
    assertThat(diagnosis.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem).startsWith(file + ": is damaged"));
  }

  @Test
  void bytesThatChangedBehindTheFileSystemsBackAreFound() throws IOException {
    ModelFolder folder = Variants.make(scratch.resolve("m"), List.of(""), List.of(""));
    Path file = folder.path().resolve("onnx/decoder_model_merged.onnx_data");
    String right = Hashes.of(file);
    byte[] bytes = Files.readAllBytes(file);
    bytes[77] ^= 1;
    Files.write(file, bytes);
    // As if the file had been verified as it lies there now.
    VerifiedFiles.Entry entry = new VerifiedFiles.Entry(VerifiedFiles.Stamp.of(file), right);
    folder
        .notes()
        .write(
            VerifiedFiles.NAME,
            new VerifiedFiles.Content(Map.of("onnx/decoder_model_merged.onnx_data", entry)));
    Diagnosis diagnosis = new OnnxModelRuntime(TinyVqa.SETTINGS).diagnose(folder.path());
    assertThat(diagnosis.healthy()).isFalse();
  }

  @Test
  void whatDoesNotFitIsAProblemWithBothNumbers() {
    Machine small = new Machine("small", List.of(), 1, 1, new Memory(100_000_000, 50_000_000));
    Diagnosis diagnosis =
        new Diagnoser(TinyVqa.SETTINGS, small, () -> CPU).diagnose(TinyVqa.FOLDER);
    assertThat(diagnosis.healthy()).isFalse();
    assertThat(diagnosis.model().orElseThrow().need().fits()).isFalse();
    assertThat(diagnosis.problems())
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem)
                    .contains("needs about", "0.05 GB of 0.10 GB are available", "End other"));
  }

  @Test
  void whatIsAskedForAndNotThereIsAProblem() {
    SessionSettings cuda =
        new SessionSettings(Provider.CUDA, 0, 0, DecoderVariant.AUTO, Optional.empty(), false);
    Diagnosis diagnosis =
        new OnnxModelRuntime(TinyVqa.SETTINGS.with(cuda)).diagnose(TinyVqa.FOLDER);
    assertThat(diagnosis.healthy()).isFalse();
    assertThat(diagnosis.engine().used()).isEqualTo("nothing: see the problems");
    assertThat(diagnosis.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem).startsWith("executionProvider=cuda: "));
  }

  @Test
  void aForcedVariantThatIsNotThereIsOneProblem() {
    SessionSettings int4 =
        new SessionSettings(Provider.AUTO, 0, 0, DecoderVariant.INT4, Optional.empty(), false);
    Diagnosis diagnosis =
        new OnnxModelRuntime(TinyVqa.SETTINGS.with(int4)).diagnose(TinyVqa.FOLDER);
    assertThat(diagnosis.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem).contains("has no decoder in int4"));
  }

  @Test
  void theSelfCheckOfTheImportIsShown() throws IOException {
    ModelFolder folder = Variants.make(scratch.resolve("m"), List.of(""), List.of(""));
    ObjectMapper json = new ObjectMapper();
    Path file = folder.path().resolve("llavamed.json");
    ObjectNode description = (ObjectNode) json.readTree(file.toFile());
    description.putObject("selfCheck").put("passed", true).putObject("logits").put("most", 0.12);
    json.writeValue(file.toFile(), description);
    assertThat(ModelFolder.open(folder.path()).selfCheck())
        .isEqualTo(Map.of("passed", "true", "logits.most", "0.12"));
    assertThat(ModelFolder.open(TinyVqa.FOLDER).selfCheck()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"512, 512", "7k, 7168", "3M, 3145728", "2g, 2147483648", "1T, 1099511627776"})
  void readsHowMuchBuffersMayTake(String value, long bytes) {
    assertThat(Diagnoser.bufferBytes(List.of("-Xmx1g", "-XX:MaxDirectMemorySize=" + value)))
        .isEqualTo(bytes);
  }

  @Test
  void withoutThatOptionBuffersMayTakeAsMuchAsTheHeap() {
    long heap = Runtime.getRuntime().maxMemory();
    assertThat(Diagnoser.bufferBytes(List.of("-ea"))).isEqualTo(heap);
    assertThat(Diagnoser.bufferBytes(List.of("-XX:MaxDirectMemorySize=much"))).isEqualTo(heap);
  }
}
