package org.llavamed.importer.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.ModelImporter;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Progress;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Imports checkpoints of Hugging Face's LlavaForConditionalGeneration: CLIP tower, two-layer
 * projector, decoder of LLaMA's or Mistral's shape.
 *
 * <p>The folder has the layout that transformers.js reads: configuration files beside {@code onnx/}
 * with the three graphs and one external data file each. With 8-bit weights only the decoder is
 * quantised ({@code decoder_model_merged_int8}); tower, projector and embedding table stay float32,
 * they are a small part of the time and the tower's activations have outliers. Equal checkpoints
 * give equal bytes on every machine. An interrupted thread stops the import.
 */
@Component
public final class HuggingFaceImporter implements ModelImporter {
  /** Makes the importer; it has no state. */
  @Activate
  public HuggingFaceImporter() {}

  @Override
  public ModelCard importCheckpoint(ImportRequest request, Progress progress) {
    Path checkpoint = request.checkpoint();
    Path out = request.out();
    Precision precision = request.precisions().decoder();
    if (!Files.isDirectory(checkpoint)) {
      throw ModelException.invalid(
          checkpoint, "it is no folder", "Name the folder of a Hugging Face checkpoint");
    }
    try {
      return write(checkpoint, out, Description.read(checkpoint, precision), progress);
    } catch (IOException e) {
      throw stoppedOr(
          checkpoint,
          ModelException.invalid(
              out, "it cannot be written (" + e + ")", "Check the rights and the free space", e));
    } catch (ModelException e) {
      throw stoppedOr(checkpoint, e);
    }
  }

  /** An interruption also shows as an error of the file that was open. */
  private static ModelException stoppedOr(Path checkpoint, ModelException error) {
    return Thread.currentThread().isInterrupted() ? Work.stopped(checkpoint) : error;
  }

  private static ModelCard write(
      Path checkpoint, Path out, Description description, Progress progress) throws IOException {
    LlavaTensors tensors = new LlavaTensors(new Checkpoint(checkpoint), description.config());
    Work work = new Work(checkpoint, tensors.bytes(), progress);
    try (FreshFolder folder = new FreshFolder(out)) {
      writeGraphs(folder.draft(), description, tensors, work);
      ModelCard card = description.write(folder.draft(), work);
      work.at("done");
      folder.keep();
      return card;
    }
  }

  private static void writeGraphs(
      Path folder, Description description, LlavaTensors tensors, Work work) throws IOException {
    Path onnx = Files.createDirectory(folder.resolve("onnx"));
    LlavaConfig config = description.config();
    write(onnx, "vision_encoder", work, weights -> VisionGraph.build(config, tensors, weights));
    write(
        onnx,
        "embed_tokens",
        work,
        weights -> EmbeddingGraph.build(config.text(), tensors, weights));
    Precision precision = description.precision();
    write(
        onnx,
        "decoder_model_merged" + (precision == Precision.INT8 ? "_int8" : ""),
        work,
        weights -> DecoderGraph.build(config.text(), tensors, weights, precision));
  }

  private static void write(Path folder, String name, Work work, Builder builder)
      throws IOException {
    try (Weights weights = new Weights(folder.resolve(name + ".onnx_data"), work)) {
      Files.write(folder.resolve(name + ".onnx"), builder.build(weights).toBytes());
    }
  }

  /** Builds a graph and stores its weights. */
  @FunctionalInterface
  private interface Builder {
    OnnxGraph build(Weights weights) throws IOException;
  }
}
