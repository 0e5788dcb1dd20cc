package org.llavamed.importer.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.llavamed.checkpoint.Half;
import org.llavamed.checkpoint.Json;
import org.llavamed.inference.Progress;

/**
 * Writes a checkpoint of random weights, in float16: norms 1, biases 0, all other weights of a
 * normal distribution around 0 with deviation {@value #DEVIATION}, as LLaMA is initialised. They
 * are drawn once for four million weights and taken from there at random places.
 */
final class RandomCheckpoint {
  private static final float DEVIATION = 0.02f;
  private static final int NOISE = 1 << 22;
  private static final short ONE = 0x3C00;
  private static final String WEIGHTS = "model.safetensors";

  private final RandomShape shape;
  private final long seed;
  private final ByteBuffer noise;
  private final SplittableRandom places;
  private final Progress progress;

  RandomCheckpoint(RandomShape shape, long seed, Progress progress) {
    this.shape = shape;
    this.seed = seed;
    this.noise = noise(seed);
    this.places = new SplittableRandom(seed);
    this.progress = progress;
  }

  /**
   * Writes all files of the checkpoint.
   *
   * @throws org.llavamed.inference.ModelException if the thread is interrupted
   */
  void write(Path folder) throws IOException {
    Json.write(folder.resolve("config.json"), shape.config());
    Json.write(
        folder.resolve("tokenizer.json"), RandomTokenizer.tokenizer(shape.text().vocabulary()));
    Json.write(folder.resolve("tokenizer_config.json"), RandomTokenizer.configuration());
    Json.write(folder.resolve(ModelInfo.FILE), card());
    if (shape.tower().isPresent()) {
      Json.write(
          folder.resolve("preprocessor_config.json"), preparation(shape.tower().get().side()));
    }
    weights(folder);
  }

  private ObjectNode card() {
    ObjectNode card = Json.object();
    card.put("name", "random-" + shape.name());
    card.put("version", Long.toString(seed));
    card.put("licence", "CC0-1.0");
    card.put(
        "source", "Random weights, made by 'llavamed model random': its answers mean nothing.");
    return card;
  }

  private static ObjectNode preparation(int side) {
    ObjectNode preparation = Json.object();
    preparation.put("image_processor_type", "CLIPImageProcessor");
    preparation.putObject("size").put("shortest_edge", side);
    preparation.putObject("crop_size").put("height", side).put("width", side);
    preparation.put("do_resize", true).put("do_center_crop", true).put("do_convert_rgb", true);
    preparation.put("do_rescale", true).put("rescale_factor", 1 / 255.0).put("do_normalize", true);
    preparation.put("resample", 3);
    preparation.putArray("image_mean").add(0.48145466).add(0.4578275).add(0.40821073);
    preparation.putArray("image_std").add(0.26862954).add(0.26130258).add(0.27577711);
    return preparation;
  }

  private void weights(Path folder) throws IOException {
    Map<String, List<Integer>> tensors = shape.tensors();
    ObjectNode header = Json.object();
    header.putObject("__metadata__").put("format", "pt");
    long total = 0;
    for (Map.Entry<String, List<Integer>> tensor : tensors.entrySet()) {
      ObjectNode entry = header.putObject(tensor.getKey());
      entry.put("dtype", "F16");
      tensor.getValue().forEach(entry.withArray("shape")::add);
      entry.putArray("data_offsets").add(total).add(total + bytes(tensor.getValue()));
      total += bytes(tensor.getValue());
    }
    Work work = new Work(folder, total, progress);
    try (FileChannel channel =
        FileChannel.open(
            folder.resolve(WEIGHTS), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      head(channel, header.toString());
      long done = 0;
      for (Map.Entry<String, List<Integer>> tensor : tensors.entrySet()) {
        work.check();
        progress.at("random weights", done, total);
        tensor(channel, tensor.getKey(), bytes(tensor.getValue()));
        done += bytes(tensor.getValue());
      }
    }
  }

  private static void head(FileChannel channel, String header) throws IOException {
    String padded = header + " ".repeat(Math.floorMod(-header.length(), 8));
    byte[] bytes = padded.getBytes(StandardCharsets.UTF_8);
    ByteBuffer head = ByteBuffer.allocate(8 + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
    write(channel, head.putLong(bytes.length).put(bytes).flip());
  }

  private void tensor(FileChannel channel, String name, long bytes) throws IOException {
    if (name.matches(".*norm\\d?\\.weight")) {
      write(channel, constant(bytes, ONE));
    } else if (name.endsWith(".bias")) {
      write(channel, constant(bytes, (short) 0));
    } else {
      long left = bytes;
      while (left > 0) {
        int from = 2 * places.nextInt(NOISE);
        int length = (int) Math.min(left, noise.capacity() - from);
        write(channel, noise.slice(from, length));
        left -= length;
      }
    }
  }

  private static ByteBuffer constant(long bytes, short number) {
    ByteBuffer numbers = ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    while (numbers.hasRemaining()) {
      numbers.putShort(number);
    }
    return numbers.flip();
  }

  private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static long bytes(List<Integer> extents) {
    return extents.stream().mapToLong(Integer::longValue).reduce(2, Math::multiplyExact);
  }

  private static ByteBuffer noise(long seed) {
    Random random = new Random(seed);
    ByteBuffer noise = ByteBuffer.allocateDirect(2 * NOISE).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < NOISE; i++) {
      noise.putShort(Half.of((float) random.nextGaussian() * DEVIATION));
    }
    return noise.flip().order(ByteOrder.LITTLE_ENDIAN);
  }
}
