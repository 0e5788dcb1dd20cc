package org.llavamed.model.internal;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import ai.onnxruntime.TensorInfo;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llavamed.inference.ModelException;

/**
 * One graph of a model folder, ready to run. All outputs are written to tensors of the caller.
 *
 * @param file where it came from
 * @param session what runs it
 */
record Graph(Path file, OrtSession session) implements AutoCloseable {
  private static final String IMPORT = "Import the checkpoint again with 'llavamed model import'";

  /**
   * Loads a graph.
   *
   * @throws ModelException if ONNX Runtime cannot run it
   */
  static Graph load(ModelFolder folder, String name, Sessions sessions) {
    Path file = folder.file(name);
    try {
      return new Graph(file, sessions.load(folder, name));
    } catch (OrtException e) {
      throw ModelException.invalid(
          file, "ONNX Runtime cannot load it (" + e.getMessage() + ")", IMPORT, e);
    }
  }

  /**
   * Checks that the graph takes exactly these inputs and gives these outputs.
   *
   * @param inputs names with shapes, negative where any length will do
   * @param outputs the same of the outputs
   */
  void expect(Map<String, long[]> inputs, Map<String, long[]> outputs) {
    try {
      expect("input", inputs, session.getInputInfo());
      expect("output", outputs, session.getOutputInfo());
    } catch (OrtException e) {
      throw ModelException.invalid(
          file, "cannot be asked for its inputs (" + e.getMessage() + ")", IMPORT, e);
    }
  }

  private void expect(String kind, Map<String, long[]> expected, Map<String, NodeInfo> found) {
    if (!found.keySet().equals(expected.keySet())) {
      throw ModelException.invalid(
          file,
          "has the %ss %s, expected %s"
              .formatted(kind, Set.copyOf(found.keySet()), expected.keySet()),
          IMPORT);
    }
    for (Map.Entry<String, long[]> entry : expected.entrySet()) {
      NodeInfo node = found.get(entry.getKey());
      if (node == null
          || !(node.getInfo() instanceof TensorInfo tensor)
          || !fits(entry.getValue(), tensor.getShape())) {
        throw ModelException.invalid(
            file,
            "%s '%s' is %s, expected the shape %s (-1: any)"
                .formatted(kind, entry.getKey(), node, Arrays.toString(entry.getValue())),
            IMPORT);
      }
    }
  }

  /** Returns what the graph says of itself under a key. */
  Optional<String> metadata(String key) {
    try {
      return session.getMetadata().getCustomMetadataValue(key);
    } catch (OrtException e) {
      throw ModelException.invalid(
          file, "cannot be asked for its metadata (" + e.getMessage() + ")", IMPORT, e);
    }
  }

  /** Returns the type of an input's numbers; the input is one that was expected. */
  OnnxJavaType inputType(String name) {
    try {
      NodeInfo node = session.getInputInfo().get(name);
      return node != null && node.getInfo() instanceof TensorInfo tensor
          ? tensor.type
          : OnnxJavaType.UNKNOWN;
    } catch (OrtException e) {
      throw ModelException.invalid(
          file, "cannot be asked for its inputs (" + e.getMessage() + ")", IMPORT, e);
    }
  }

  private static boolean fits(long[] expected, long[] found) {
    if (expected.length != found.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (expected[i] >= 0 && found[i] >= 0 && expected[i] != found[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Runs the graph.
   *
   * @param outputs tensors that all outputs are written to; one that is an input too is written in
   *     place
   */
  void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs, RunOptions options)
      throws OrtException {
    session.run(inputs, Set.of(), outputs, options).close();
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw ModelException.invalid(
          file, "cannot be closed (" + e.getMessage() + ")", "Start the program again", e);
    }
  }
}
