package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.checkpoint.Json;
import org.llavamed.checkpoint.Safetensors;
import org.llavamed.checkpoint.StoredTensor;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;
import org.llavamed.inference.Progress;
import org.llavamed.inference.RandomModels.RandomModel;

/** Which matrices of a 4-bit decoder have 8 bits. */
final class MixedBitsTest {
  private static final long SEED = 20251;
  private static final int IN = 64;

  @TempDir Path scratch;

  /** Writes matrices [rows, 64] of normal weights; every 50th of some is ten times as large. */
  private List<StoredTensor> matrices(Map<String, Integer> rows, Set<String> withOutliers)
      throws IOException {
    ObjectNode header = Json.object();
    int total = rows.values().stream().mapToInt(Integer::intValue).sum() * IN * Float.BYTES;
    ByteBuffer data = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
    Random random = new Random(SEED);
    rows.forEach(
        (name, count) -> {
          ObjectNode entry = header.putObject(name).put("dtype", "F32");
          entry.putArray("shape").add(count).add(IN);
          int from = data.position();
          for (int i = 0; i < count * IN; i++) {
            boolean outlier = withOutliers.contains(name) && i % 50 == 0;
            data.putFloat((float) random.nextGaussian() * (outlier ? 10 : 1));
          }
          entry.putArray("data_offsets").add(from).add(data.position());
        });
    byte[] head = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + head.length + total).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(head.length).put(head).put(data.flip());
    Path path = Files.write(scratch.resolve("m.safetensors"), file.array());
    return List.copyOf(Safetensors.read(path).values());
  }

  private List<String> eights(List<StoredTensor> matrices) {
    return MixedBits.eights(matrices, 32, new Work(scratch, 1, Progress.NONE)).stream()
        .map(StoredTensor::name)
        .sorted()
        .toList();
  }

  @Test
  void keysAndValuesOfSharedHeadsGoBeforeQueriesWithinTheBudget() throws IOException {
    Map<String, Integer> rows = new LinkedHashMap<>();
    rows.put("q", 64);
    rows.put("mlp", 2000);
    rows.put("k", 16);
    rows.put("v", 16);
    List<StoredTensor> matrices = matrices(rows, Set.of());
    assertThat(eights(matrices)).containsExactly("k", "v");
    int all = rows.values().stream().mapToInt(Integer::intValue).sum();
    assertThat((double) (16 + 16) / all).isLessThanOrEqualTo(MixedBits.BUDGET);
    assertThat((double) (16 + 16 + 64) / all).isGreaterThan(MixedBits.BUDGET);
  }

  @Test
  void ofEqualShapesTheOneWithOutliersGoesFirst() throws IOException {
    Map<String, Integer> rows = new LinkedHashMap<>();
    rows.put("a", 32);
    rows.put("b", 32);
    rows.put("mlp", 1200);
    assertThat(eights(matrices(rows, Set.of("a")))).containsExactly("a");
    assertThat(eights(matrices(rows, Set.of("b")))).containsExactly("b");
  }

  @Test
  void theGraphOfSharedHeadsHasAnInnerMatrixOfEightBits() throws IOException {
    Path out = scratch.resolve("m");
    new RandomModelMaker(Imports.importer())
        .makeModel(
            new RandomModel("llama-tiny", SEED, out, Precisions.of(Precision.INT4)), Progress.NONE);
    ModelProto model =
        ModelProto.parseFrom(Files.readAllBytes(out.resolve("onnx/decoder_model_merged_q4.onnx")));
    List<String> eights = new ArrayList<>();
    model.getGraph().getNodeList().stream()
        .filter(node -> node.getOpType().equals("MatMulNBits"))
        .filter(node -> node.getAttributeList().stream().anyMatch(MixedBitsTest::isEightBits))
        .forEach(node -> eights.add(node.getInput(1)));
    System.out.println(eights);
    assertThat(eights).anyMatch(name -> name.matches(".*[kv]_proj.*"));
  }

  private static boolean isEightBits(AttributeProto attribute) {
    return attribute.getName().equals("bits") && attribute.getI() == 8;
  }
}
