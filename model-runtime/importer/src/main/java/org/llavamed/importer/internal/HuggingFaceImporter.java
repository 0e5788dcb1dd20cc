package org.llavamed.importer.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.llavamed.checkpoint.TextConfig;
import org.llavamed.files.FileError;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.ModelImporter;
import org.llavamed.inference.ModelRuntime;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;
import org.llavamed.inference.Progress;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Imports checkpoints with safetensors: LLaVA models with a CLIP tower, in Hugging Face's layout or
 * that of the original code (LLaVA-Med v1.0 and v1.5), whole or as deltas, and LLaMA and Mistral
 * models without a tower.
 *
 * <p>The folder has the layout that transformers.js reads: configuration files beside {@code onnx/}
 * with the graphs and one external data file each. A graph's precision is the end of its name: none
 * for float32, {@code _fp16}, {@code _int8}, {@code _q4}. Two decoders may lie there, one that
 * reads prompts and one that writes answers, over the same KV cache. Equal checkpoints give equal
 * bytes on every machine, but for the figures of the self-check. An interrupted thread stops the
 * import.
 */
@Component
public final class HuggingFaceImporter implements ModelImporter {
  private final ModelRuntime runtime;

  /** Takes the service that runs what was imported, to check it. */
  @Activate
  public HuggingFaceImporter(@Reference ModelRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public ModelCard importCheckpoint(ImportRequest request, Progress progress) {
    Path checkpoint = request.checkpoint();
    Path out = request.out();
    try {
      Description description = Description.of(Source.read(request), request.precisions());
      return write(request, description, progress);
    } catch (IOException e) {
      throw stoppedOr(
          checkpoint,
          ModelException.invalid(
              out, FileError.writing(out, e).found(), "Check the rights and the free space", e));
    } catch (ModelException e) {
      throw stoppedOr(checkpoint, e);
    }
  }

  /** An interruption also shows as an error of the file that was open. */
  private static ModelException stoppedOr(Path checkpoint, ModelException error) {
    return Thread.currentThread().isInterrupted() ? Work.stopped(checkpoint) : error;
  }

  private ModelCard write(ImportRequest request, Description description, Progress progress)
      throws IOException {
    Source source = description.source();
    LlavaTensors tensors = new LlavaTensors(source.checkpoint(), source.text(), source.llava());
    long again = description.precisions().prefill().isPresent() ? tensors.decoderBytes() : 0;
    Work work = new Work(source.folder(), tensors.bytes() + again, progress);
    try (FreshFolder folder = new FreshFolder(request.out())) {
      Map<String, String> hashes = writeGraphs(folder.draft(), description, tensors, work);
      description.write(folder.draft(), hashes, work);
      SelfCheck check = new SelfCheck(source, tensors, description.tokens().begin(), work);
      Findings found =
          check.run(runtime, folder.draft(), description.decoders(), request.anyQuality());
      if (!request.anyQuality()) {
        found.expectClose(request.checkpoint());
      }
      ModelCard card = description.seal(folder.draft(), found.toJson());
      work.at("done");
      folder.keep();
      return card;
    }
  }

  /** Returns the hashes of the weights, by their files' paths in the folder. */
  private static Map<String, String> writeGraphs(
      Path folder, Description description, LlavaTensors tensors, Work work) throws IOException {
    Files.createDirectory(folder.resolve("onnx"));
    TextConfig text = description.source().text();
    Precisions precisions = description.precisions();
    Map<String, Builder> graphs = new LinkedHashMap<>();
    description
        .source()
        .llava()
        .ifPresent(
            llava ->
                graphs.put(
                    "vision_encoder" + Suffix.of(precisions.vision()),
                    weights -> VisionGraph.build(llava, tensors, weights, precisions.vision())));
    graphs.put("embed_tokens", weights -> EmbeddingGraph.build(text, tensors, weights));
    for (Precision decoder : description.decoders()) {
      DecoderPrecision precision = DecoderPrecision.of(decoder, precisions);
      graphs.put(
          "decoder_model_merged" + Suffix.of(decoder),
          weights -> DecoderGraph.build(text, tensors, weights, precision));
    }
    Map<String, String> hashes = new HashMap<>();
    for (Map.Entry<String, Builder> graph : graphs.entrySet()) {
      String name = "onnx/" + graph.getKey() + ".onnx";
      try (Weights weights = new Weights(folder.resolve(name + "_data"), work)) {
        Files.write(folder.resolve(name), graph.getValue().build(weights).toBytes());
        hashes.put(name + "_data", weights.hash());
      }
    }
    return hashes;
  }

  /** Builds a graph and stores its weights. */
  @FunctionalInterface
  private interface Builder {
    OnnxGraph build(Weights weights) throws IOException;
  }
}
