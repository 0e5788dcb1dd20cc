package org.llavamed.evaluation.internal;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.llavamed.files.FileError;
import org.llavamed.preprocess.Tokenizer;

/**
 * Sentences as vectors, by the all-MiniLM-L6-v2 model with 8-bit weights that an artifact of Maven
 * Central holds. Not safe for use by several threads.
 */
final class SentenceEmbedder implements AutoCloseable {
  private static final Properties SOURCE = source();

  private static final String GRAPH = "all-minilm-l6-v2-q.onnx";
  private static final String TOKENIZER = "all-minilm-l6-v2-q-tokenizer.json";
  private static final String START = "[CLS]";
  private static final String END = "[SEP]";
  private static final int MOST_BYTES = 64 << 20;

  /** Tokens that the model was trained to read at most. */
  private static final int MOST_TOKENS = 256;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final Tokenizer tokenizer;

  /**
   * Opens the model in the artifact's jar.
   *
   * @throws JudgeException if it is missing or another file
   */
  SentenceEmbedder(Path jar) {
    try (ZipFile zip = open(jar)) {
      tokenizer = tokenizer(entry(zip, TOKENIZER));
      try (var options = new OrtSession.SessionOptions()) {
        session = environment.createSession(entry(zip, GRAPH), options);
      }
    } catch (IOException e) {
      FileError error = FileError.reading(jar, e);
      throw JudgeException.unusable(jar, error.found(), error.advice());
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  private static Properties source() {
    var source = new Properties();
    try (InputStream in = SentenceEmbedder.class.getResourceAsStream("sentence-model.properties")) {
      source.load(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException("a resource of this bundle cannot be read", e);
    }
    return source;
  }

  /** Returns the coordinates of the artifact whose jar holds the model. */
  static String artifact() {
    return SOURCE.getProperty("artifact", "");
  }

  private static Tokenizer tokenizer(byte[] json) throws IOException {
    Path file = Files.createTempFile("llavamed-", "-" + TOKENIZER);
    try {
      return Tokenizer.open(Files.write(file, json));
    } finally {
      Files.delete(file);
    }
  }

  private static ZipFile open(Path jar) throws IOException {
    String fetch =
        "Fetch it (16 MB): %s dependency:get -Dtransitive=false -Dartifact=%s"
            .formatted(maven(), artifact());
    if (!Files.isRegularFile(jar)) {
      throw JudgeException.unusable(jar, "there is no such file", fetch);
    }
    String found = sha256(jar);
    String expected = SOURCE.getProperty("sha256", "");
    if (!found.equals(expected)) {
      throw JudgeException.unusable(
          jar, "its SHA-256 is %s, expected %s".formatted(found, expected), fetch);
    }
    return new ZipFile(jar.toFile());
  }

  /** Returns the command of the Maven wrapper: the distribution's, else that of the sources. */
  private static String maven() {
    Path shipped = Path.of(System.getProperty("llavamed.home", "."), "lib", "trainer", "mvnw");
    return Files.exists(shipped) ? "sh " + shipped : "./mvnw";
  }

  private static String sha256(Path jar) throws IOException {
    try (InputStream in = Files.newInputStream(jar)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static byte[] entry(ZipFile zip, String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new IOException("no entry " + name);
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return in.readNBytes(MOST_BYTES);
    }
  }

  /** Returns the token ids of a text, between start and end token; what is too long is cut. */
  List<Integer> ids(String text) {
    List<Integer> ids = new ArrayList<>(tokenizer.encode(START));
    tokenizer.encode(text).stream().limit(MOST_TOKENS - 2L).forEach(ids::add);
    ids.addAll(tokenizer.encode(END));
    return ids;
  }

  /** Returns the vector of a text, of length 1. */
  double[] vector(String text) {
    List<Integer> ids = ids(text);
    long[] shape = {1, ids.size()};
    long[] ones = new long[ids.size()];
    Arrays.fill(ones, 1);
    try (OnnxTensor input = tensor(ids.stream().mapToLong(Integer::longValue).toArray(), shape);
        OnnxTensor mask = tensor(ones, shape);
        OnnxTensor types = tensor(new long[ids.size()], shape);
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", input, "attention_mask", mask, "token_type_ids", types))) {
      return mean((float[][][]) result.get(0).getValue());
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  private OnnxTensor tensor(long[] values, long[] shape) throws OrtException {
    return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
  }

  /** Returns the mean over tokens, scaled to length 1. */
  private static double[] mean(float[][][] states) {
    double[] mean = new double[states[0][0].length];
    for (float[] state : states[0]) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += state[i];
      }
    }
    double length = Math.sqrt(dot(mean, mean));
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= length;
    }
    return mean;
  }

  /** Returns the cosine of the angle between two vectors of length 1. */
  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static JudgeException failed(OrtException e) {
    return JudgeException.unusable(
        "The sentence model", "it does not run (%s)".formatted(e.getMessage()), "Fetch it again");
  }

  @Override
  public void close() {
    try {
      tokenizer.close();
      session.close();
    } catch (OrtException e) {
      throw failed(e);
    }
  }
}
