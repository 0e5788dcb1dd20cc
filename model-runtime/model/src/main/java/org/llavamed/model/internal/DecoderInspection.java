package org.llavamed.model.internal;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.ModelInspection;

/**
 * A model folder of which one decoder is run by hand; the tower is in memory only while it looks.
 */
final class DecoderInspection implements ModelInspection {
  private final ModelFolder folder;
  private final ModelOpener opener;
  private final Consumer<DecoderInspection> onClose;
  private @Nullable LlavaInspection decoder;
  private boolean closed;

  /**
   * Checks that the decoder can be loaded.
   *
   * @param opener whose settings name the decoder
   * @param onClose told when this is closed
   * @throws org.llavamed.inference.ModelException if it is not there, or does not fit the memory
   */
  DecoderInspection(ModelFolder folder, ModelOpener opener, Consumer<DecoderInspection> onClose) {
    this.folder = folder;
    this.opener = opener;
    this.onClose = onClose;
    opener.expectRoomForDecoder(folder);
  }

  @Override
  public synchronized FloatBuffer imageFeatures(FloatBuffer pixels) {
    expectOpen();
    closeDecoder();
    try (Graph graph = opener.openVision(folder);
        RunOptions options = new RunOptions()) {
      return LlavaInspection.look(
          new Vision(graph, folder.description(), options), folder.description(), pixels);
    } catch (OrtException e) {
      throw folder.failed(e);
    }
  }

  @Override
  public synchronized List<FloatBuffer> logits(
      List<Integer> tokens, Optional<FloatBuffer> imageFeatures, int prompt) {
    expectOpen();
    LlavaInspection loaded = decoder;
    if (loaded == null) {
      loaded = new LlavaInspection(folder, opener.openDecoder(folder), inner -> {});
      decoder = loaded;
    }
    return loaded.logits(tokens, imageFeatures, prompt);
  }

  private void expectOpen() {
    if (closed) {
      throw folder.closed();
    }
  }

  private void closeDecoder() {
    if (decoder != null) {
      decoder.close();
      decoder = null;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    closeDecoder();
    onClose.accept(this);
  }
}
