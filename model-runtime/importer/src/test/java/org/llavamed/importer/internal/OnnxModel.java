package org.llavamed.importer.internal;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.llavamed.checkpoint.Half;

/** An imported model, run on ONNX Runtime with nothing in between. */
final class OnnxModel implements AutoCloseable {
  /** Who owns the cache of keys and values. */
  enum Cache {
    /** It grows: the present of one run is the past of the next, as transformers.js does. */
    GROWING,
    /** One buffer of fixed capacity is past and present of every run. */
    SHARED
  }

  /**
   * What a prompt leads to.
   *
   * @param logits after the prompt and after each token of the answer, [vocabulary] each
   * @param tokens greedy answer without the end token
   */
  record Output(List<List<Float>> logits, List<Integer> tokens) {
    /** Returns the logits of the first new token, [vocabulary]. */
    List<Float> firstLogits() {
      return logits.get(0);
    }
  }

  private static final int CAPACITY = 256;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final JsonNode card;
  private final @Nullable OrtSession vision;
  private final OrtSession embedding;
  private final OrtSession decoder;

  OnnxModel(Path folder, String decoderName) throws IOException, OrtException {
    card = new ObjectMapper().readTree(folder.resolve("llavamed.json").toFile());
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(1);
      boolean seeing = card.path("imageTokens").asInt() > 0;
      vision = seeing ? session(folder, only(folder, "vision_encoder"), options) : null;
      embedding = session(folder, only(folder, "embed_tokens"), options);
      decoder = session(folder, decoderName, options);
    }
  }

  /** Returns the name of the graph that is there, in whichever precision. */
  private static String only(Path folder, String name) {
    return Stream.of("", "_fp16", "_int8")
        .map(suffix -> name + suffix)
        .filter(graph -> Files.exists(folder.resolve("onnx/" + graph + ".onnx")))
        .findFirst()
        .orElseThrow();
  }

  private OrtSession session(Path folder, String name, SessionOptions options) throws OrtException {
    return environment.createSession(folder.resolve("onnx/" + name + ".onnx").toString(), options);
  }

  /**
   * Runs the decoder once on a growing cache.
   *
   * @param embeds [batch, sequence, hidden]
   * @param mask [batch, total]; a one for every filled position
   * @param past cache before, or none for an empty one
   * @return logits [batch, vocabulary] and the cache behind
   */
  Run run(float[] embeds, long[][] mask, @Nullable Map<String, float[]> past) throws OrtException {
    int hidden = width(decoder, "inputs_embeds", 2);
    int batch = mask.length;
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put("inputs_embeds", floats(embeds, batch, embeds.length / hidden / batch, hidden));
    inputs.put("attention_mask", OnnxTensor.createTensor(environment, mask));
    for (String name : cache(0).keySet()) {
      float[] values = past == null ? new float[0] : past.getOrDefault(name, new float[0]);
      int heads = width(decoder, name, 1);
      int size = width(decoder, name, 3);
      inputs.put(
          name, cached(name, values, batch, heads, values.length / batch / heads / size, size));
    }
    Map<String, float[]> present = new LinkedHashMap<>();
    try (Result result = decoder.run(inputs)) {
      for (String name : cache(0).keySet()) {
        present.put(name, numbers(result.get(present(name)).orElseThrow()));
      }
      float[] logits = numbers(result.get("logits").orElseThrow());
      return new Run(FloatBuffer.wrap(logits), present);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  /** Logits [batch, vocabulary] and the cache behind a run. */
  record Run(FloatBuffer logits, Map<String, float[]> present) {}

  /** Returns the id of the token that stands for a picture's positions. */
  int imageToken() {
    return card.path("imageTokenId").asInt();
  }

  /** Returns a picture's features, [tokens * hidden], from values of shape [3, side, side]. */
  float[] look(float[] pixels) throws OrtException {
    long side = Math.round(Math.sqrt(pixels.length / 3.0));
    OrtSession tower = Objects.requireNonNull(vision, "the model sees no pictures");
    try (OnnxTensor input = floats(pixels, 1, 3, side, side);
        Result result = tower.run(Map.of("pixel_values", input))) {
      return numbers(result.get(0));
    }
  }

  /** Answers greedily, at most {@code most} tokens. */
  Output answer(float[] features, List<Integer> prompt, Cache cache, int most) throws OrtException {
    Map<String, OnnxTensor> past = cache == Cache.SHARED ? cache(CAPACITY) : cache(0);
    float[] embeds = spliced(prompt, features);
    List<List<Float>> logits = new ArrayList<>();
    List<Integer> tokens = new ArrayList<>();
    int length = prompt.size();
    while (true) {
      Step step = step(embeds, length, past, cache);
      past = step.present();
      logits.add(step.logits());
      int next = largest(step.logits());
      if (card.path("eosTokenIds").path(0).asInt() == next || tokens.size() == most) {
        past.values().forEach(OnnxTensor::close);
        return new Output(List.copyOf(logits), List.copyOf(tokens));
      }
      tokens.add(next);
      embeds = embed(List.of(next));
      length++;
    }
  }

  private record Step(List<Float> logits, Map<String, OnnxTensor> present) {}

  private Step step(float[] embeds, int total, Map<String, OnnxTensor> past, Cache cache)
      throws OrtException {
    int hidden = width(decoder, "inputs_embeds", 2);
    long[] mask = new long[total];
    Arrays.fill(mask, 1);
    try (OnnxTensor input = floats(embeds, 1, embeds.length / hidden, hidden);
        OnnxTensor filled =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), new long[] {1, total})) {
      Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
      inputs.put("inputs_embeds", input);
      inputs.put("attention_mask", filled);
      inputs.putAll(past);
      return cache == Cache.SHARED ? inPlace(inputs, past) : growing(inputs, past);
    }
  }

  private Step inPlace(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> past)
      throws OrtException {
    Map<String, OnnxTensor> pinned = new LinkedHashMap<>();
    past.forEach((name, tensor) -> pinned.put(present(name), tensor));
    try (Result result =
        decoder.run(inputs, Set.of("logits"), pinned, new OrtSession.RunOptions())) {
      return new Step(boxed(numbers(result.get("logits").orElseThrow())), past);
    }
  }

  private Step growing(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> past)
      throws OrtException {
    try (Result result = decoder.run(inputs)) {
      Map<String, OnnxTensor> present = new LinkedHashMap<>();
      for (String name : past.keySet()) {
        OnnxTensor made = (OnnxTensor) result.get(present(name)).orElseThrow();
        long[] shape = made.getInfo().getShape();
        present.put(name, cached(name, numbers(made), shape));
      }
      List<Float> logits = boxed(numbers(result.get("logits").orElseThrow()));
      past.values().forEach(OnnxTensor::close);
      return new Step(logits, present);
    }
  }

  private Map<String, OnnxTensor> cache(int length) throws OrtException {
    Map<String, OnnxTensor> cache = new LinkedHashMap<>();
    for (String name : decoder.getInputNames()) {
      if (name.startsWith("past_key_values.")) {
        int heads = width(decoder, name, 1);
        int size = width(decoder, name, 3);
        cache.put(name, cached(name, new float[heads * length * size], 1, heads, length, size));
      }
    }
    return cache;
  }

  /** Returns the prompt's rows [length, hidden], a picture's features in its places. */
  float[] spliced(List<Integer> prompt, float[] features) throws OrtException {
    float[] embeds = embed(prompt);
    int hidden = embeds.length / prompt.size();
    int row = 0;
    for (int i = 0; i < prompt.size(); i++) {
      if (features.length > 0 && prompt.get(i) == imageToken()) {
        System.arraycopy(features, hidden * row++, embeds, hidden * i, hidden);
      }
    }
    return embeds;
  }

  private float[] embed(List<Integer> tokens) throws OrtException {
    long[] ids = tokens.stream().mapToLong(Integer::longValue).toArray();
    try (OnnxTensor input =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), new long[] {1, ids.length});
        Result result = embedding.run(Map.of("input_ids", input))) {
      return numbers(result.get(0));
    }
  }

  private OnnxTensor floats(float[] values, long... shape) throws OrtException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(4 * values.length).order(ByteOrder.nativeOrder());
    buffer.asFloatBuffer().put(values);
    return OnnxTensor.createTensor(environment, buffer, shape, OnnxJavaType.FLOAT);
  }

  /** Returns a tensor of the type that the decoder wants as its cache. */
  private OnnxTensor cached(String name, float[] values, long... shape) throws OrtException {
    NodeInfo info = Objects.requireNonNull(decoder.getInputInfo().get(name));
    if (((TensorInfo) info.getInfo()).type != OnnxJavaType.FLOAT16) {
      return floats(values, shape);
    }
    ByteBuffer buffer = ByteBuffer.allocateDirect(2 * values.length).order(ByteOrder.nativeOrder());
    for (int i = 0; i < values.length; i++) {
      buffer.putShort(2 * i, Half.of(values[i]));
    }
    return OnnxTensor.createTensor(environment, buffer, shape, OnnxJavaType.FLOAT16);
  }

  private static int width(OrtSession session, String input, int dimension) throws OrtException {
    NodeInfo info = Objects.requireNonNull(session.getInputInfo().get(input));
    return (int) ((TensorInfo) info.getInfo()).getShape()[dimension];
  }

  private static float[] numbers(Object value) {
    FloatBuffer buffer = ((OnnxTensor) value).getFloatBuffer();
    float[] numbers = new float[buffer.remaining()];
    buffer.get(numbers);
    return numbers;
  }

  private static List<Float> boxed(float[] numbers) {
    List<Float> boxed = new ArrayList<>(numbers.length);
    for (float number : numbers) {
      boxed.add(number);
    }
    return boxed;
  }

  private static int largest(List<Float> numbers) {
    int best = 0;
    for (int i = 1; i < numbers.size(); i++) {
      if (numbers.get(i) > numbers.get(best)) {
        best = i;
      }
    }
    return best;
  }

  private static String present(String past) {
    return past.replace("past_key_values", "present");
  }

  @Override
  public void close() throws OrtException {
    if (vision != null) {
      vision.close();
    }
    embedding.close();
    decoder.close();
  }
}
