package org.llavamed.importer.internal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.llavamed.preprocess.SentencePieceModel;

/**
 * The 260,032 trained weights of llama2.c's stories260K, which are not part of the project, written
 * as a Hugging Face checkpoint.
 *
 * <p>The file holds seven whole numbers (width, inner width, layers, heads, key-value heads,
 * vocabulary, positions) and then float32 values, matrix by matrix, each with all layers one after
 * the other, rows of outputs. Its heads rotate neighbouring rows (2i, 2i + 1); a Hugging Face
 * checkpoint rotates row i with row i + size / 2, so the rows of queries and keys change places.
 */
final class Stories {
  private static final Path FOLDER =
      Path.of(System.getProperty("shared.data", "../shared/data"), "stories260k");
  private static final int FIRST_BYTE = 3;
  private static final int FIRST_TEXT = 259;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ByteBuffer weights;
  private final Map<String, ByteBuffer> tensors = new LinkedHashMap<>();
  private final ObjectNode header = JSON.createObjectNode();
  private final int width;
  private final int inner;
  private final int layers;
  private final int heads;
  private final int kvHeads;
  private final int vocabulary;
  private final int positions;
  private int written;

  private Stories(ByteBuffer file) {
    weights = file;
    width = file.getInt();
    inner = file.getInt();
    layers = file.getInt();
    heads = file.getInt();
    kvHeads = file.getInt();
    vocabulary = file.getInt();
    positions = file.getInt();
  }

  /** Returns the text that llama2.c writes greedily in 200 steps, or skips the test. */
  static String expected() throws IOException {
    boolean present = Files.isRegularFile(FOLDER.resolve("stories260K.bin"));
    if (!present) {
      System.out.println("SKIPPED: " + FOLDER + " is not there, set shared.data");
    }
    assumeTrue(present, FOLDER + " is not there");
    return Files.readString(FOLDER.resolve("expected_greedy_200.txt"));
  }

  /** Writes the checkpoint. */
  static Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    byte[] file = Files.readAllBytes(FOLDER.resolve("stories260K.bin"));
    Stories stories = new Stories(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN));
    stories.readTensors();
    stories.writeTensors(folder.resolve("model.safetensors"));
    JSON.writeValue(folder.resolve("config.json").toFile(), stories.config());
    Path pieces = folder.resolve("tokenizer.model");
    Files.write(pieces, sentencePiece(Files.readAllBytes(FOLDER.resolve("tok512.bin"))));
    Files.writeString(
        folder.resolve("tokenizer.json"), SentencePieceModel.read(pieces).tokenizerJson(List.of()));
    Files.writeString(folder.resolve("tokenizer_config.json"), "{}");
    return folder;
  }

  private ObjectNode config() {
    ObjectNode config = JSON.createObjectNode();
    config.putArray("architectures").add("LlamaForCausalLM");
    return config
        .put("model_type", "llama")
        .put("hidden_size", width)
        .put("intermediate_size", inner)
        .put("num_hidden_layers", layers)
        .put("num_attention_heads", heads)
        .put("num_key_value_heads", kvHeads)
        .put("vocab_size", vocabulary)
        .put("max_position_embeddings", positions)
        .put("rms_norm_eps", 1e-5)
        .put("rope_theta", 10000.0)
        .put("tie_word_embeddings", true)
        .put("bos_token_id", 1)
        .put("eos_token_id", 2);
  }

  private void readTensors() {
    int size = width / heads;
    take("model.embed_tokens.weight", vocabulary, width);
    takeLayers("input_layernorm.weight", width);
    takeLayers("self_attn.q_proj.weight", heads * size, width);
    takeLayers("self_attn.k_proj.weight", kvHeads * size, width);
    takeLayers("self_attn.v_proj.weight", kvHeads * size, width);
    takeLayers("self_attn.o_proj.weight", width, heads * size);
    takeLayers("post_attention_layernorm.weight", width);
    takeLayers("mlp.gate_proj.weight", inner, width);
    takeLayers("mlp.down_proj.weight", width, inner);
    takeLayers("mlp.up_proj.weight", inner, width);
    take("model.norm.weight", width);
    int tables = 2 * positions * size / 2;
    if (weights.remaining() != tables * Float.BYTES) {
      throw new IllegalStateException(
          "%d bytes are left, expected the %d numbers of the rotation tables"
              .formatted(weights.remaining(), tables));
    }
    for (int layer = 0; layer < layers; layer++) {
      for (String part : List.of("q_proj", "k_proj")) {
        tensors.computeIfPresent(
            "model.layers." + layer + ".self_attn." + part + ".weight",
            (name, rows) -> halves(rows, size));
      }
    }
  }

  private void takeLayers(String name, int... shape) {
    for (int layer = 0; layer < layers; layer++) {
      take("model.layers." + layer + "." + name, shape);
    }
  }

  private void take(String name, int... shape) {
    int length = Float.BYTES * IntStream.of(shape).reduce(1, Math::multiplyExact);
    tensors.put(name, weights.slice(weights.position(), length));
    weights.position(weights.position() + length);
    ObjectNode entry = header.putObject(name).put("dtype", "F32");
    IntStream.of(shape).forEach(entry.putArray("shape")::add);
    entry.putArray("data_offsets").add(written).add(written + length);
    written += length;
  }

  /** Within each head of {@code size} rows, the even rows and then the odd ones. */
  private ByteBuffer halves(ByteBuffer rows, int size) {
    int row = width * Float.BYTES;
    ByteBuffer result = ByteBuffer.allocate(rows.remaining());
    for (int head = 0; head < rows.remaining() / row; head += size) {
      for (int i = 0; i < size; i++) {
        int from = head + (i < size / 2 ? 2 * i : 2 * (i - size / 2) + 1);
        result.put(rows.slice(from * row, row));
      }
    }
    return result.flip();
  }

  private void writeTensors(Path file) throws IOException {
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = Files.newOutputStream(file)) {
      ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      out.write(length.putLong(json.length).array());
      out.write(json);
      for (ByteBuffer tensor : tensors.values()) {
        byte[] bytes = new byte[tensor.remaining()];
        tensor.get(bytes);
        out.write(bytes);
      }
    }
  }

  /**
   * Writes llama2.c's list of pieces, each with its score, as the SentencePiece model that it was
   * made from: of type BPE, with bytes for what has no piece, and a blank put before a text.
   */
  private static byte[] sentencePiece(byte[] file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(Integer.BYTES);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    for (int id = 0; in.hasRemaining(); id++) {
      float score = in.getFloat();
      byte[] text = new byte[in.getInt()];
      in.get(text);
      String piece = new String(text, StandardCharsets.UTF_8);
      out.writeByteArray(1, piece(id, id < FIRST_TEXT ? piece.strip() : piece, score));
    }
    out.writeByteArray(
        2,
        message(
            trainer -> {
              trainer.writeInt32(3, 2);
              trainer.writeBool(35, true);
            }));
    out.writeByteArray(
        3,
        message(
            normalizer -> {
              normalizer.writeString(1, "identity");
              normalizer.writeBool(3, true);
              normalizer.writeBool(4, false);
            }));
    out.flush();
    return bytes.toByteArray();
  }

  private static byte[] piece(int id, String text, float score) throws IOException {
    int control = id == 0 ? 2 : 3;
    int type = id < FIRST_BYTE ? control : id < FIRST_TEXT ? 6 : 1;
    return message(
        out -> {
          out.writeString(1, text.replace(' ', '\u2581'));
          out.writeFloat(2, score);
          out.writeEnum(3, type);
        });
  }

  private static byte[] message(Fields fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    fields.write(out);
    out.flush();
    return bytes.toByteArray();
  }

  /** Writes the fields of a message. */
  @FunctionalInterface
  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }
}
