package org.llavamed.model.internal;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.llavamed.inference.ModelException;
import org.llavamed.model.internal.GraphFiles.Decoders;
import org.llavamed.preprocess.PictureMode;
import org.llavamed.preprocess.PicturePreparation;
import org.llavamed.preprocess.Tokenizer;

/**
 * The working parts of an open model. All but the eye's preparation hold memory outside of the Java
 * heap.
 *
 * @param eye what makes features of pictures; absent from models of texts
 * @param tokenizer text to tokens and back
 * @param prompts questions to tokens
 * @param decoder the language model
 * @param options of every run of the sessions
 * @param loading what was loaded, to be closed
 */
record ModelParts(
    Optional<Eye> eye,
    Tokenizer tokenizer,
    Prompts prompts,
    Decoder decoder,
    RunOptions options,
    Loading loading)
    implements AutoCloseable {
  /**
   * What makes features of pictures.
   *
   * @param preparation pictures to tensors
   * @param vision tensors to features
   */
  record Eye(PicturePreparation preparation, Vision vision) {}

  private static final String IMPORT = "Import the checkpoint again with 'llavamed model import'";

  /**
   * Makes the parts, several at a time.
   *
   * @throws ModelException if one of them cannot be made, or they do not fit together
   */
  static ModelParts open(ModelFolder folder, ModelSettings settings) {
    Loading loading = new Loading();
    try {
      return open(folder, settings, loading);
    } catch (OrtException e) {
      loading.closeAll();
      throw ModelException.invalid(
          folder.path(), "ONNX Runtime failed (" + e.getMessage() + ")", IMPORT, e);
    } catch (RuntimeException e) {
      loading.closeAll();
      throw e;
    }
  }

  private static ModelParts open(ModelFolder folder, ModelSettings settings, Loading loading)
      throws OrtException {
    ModelDescription model = folder.description();
    FutureTask<Tokenizer> tokenizer =
        loading.begin("tokenizer", () -> Tokenizer.open(folder.file("tokenizer.json")));
    GraphFiles files = new GraphFiles(folder);
    RunOptions options = new RunOptions();
    loading.own(options);
    Optional<FutureTask<Graph>> vision =
        model.seesPictures()
            ? Optional.of(loading.begin("vision", () -> Graph.load(files.vision(), settings)))
            : Optional.empty();
    DecoderGraphs graphs = graphs(files.decoders(), settings, loading);
    EmbeddingTable table =
        EmbeddingTable.open(
            folder.file("onnx/embed_tokens.onnx_data"), model.vocabulary(), model.hiddenSize());
    Optional<PicturePreparation> preparation = vision.map(graph -> preparation(folder));
    Decoder decoder =
        new Decoder(
            table, graphs, model, Math.min(model.context(), settings.mostPositions()), options);
    loading.own(decoder);
    Tokenizer loaded = Loading.loaded(tokenizer);
    Optional<Eye> eye =
        vision.map(
            graph ->
                new Eye(
                    preparation.orElseThrow(), new Vision(Loading.loaded(graph), model, options)));
    return new ModelParts(eye, loaded, new Prompts(loaded, model), decoder, options, loading);
  }

  private static DecoderGraphs graphs(Decoders files, ModelSettings settings, Loading loading) {
    Graph step = Loading.loaded(loading.now(() -> Graph.load(files.step(), settings)));
    return new DecoderGraphs(
        files.prefill().equals(files.step())
            ? step
            : Loading.loaded(loading.now(() -> Graph.load(files.prefill(), settings))),
        step);
  }

  private static PicturePreparation preparation(ModelFolder folder) {
    ModelDescription model = folder.description();
    PicturePreparation preparation =
        PicturePreparation.read(
            folder.file("preprocessor_config.json"), PictureMode.named(model.pictureMode()));
    if (preparation.side() != model.imageSide()
        || !preparation.name().equals(model.preparation())) {
      throw ModelException.invalid(
          folder.file("preprocessor_config.json"),
          "prepares pictures by %s with side %d, expected %s with side %d as llavamed.json states"
              .formatted(
                  preparation.name(), preparation.side(), model.preparation(), model.imageSide()),
          IMPORT);
    }
    return preparation;
  }

  /** Stops the run in flight; no further run is possible. */
  void terminate() {
    try {
      options.setTerminate(true);
    } catch (OrtException e) {
      throw ModelException.invalid(
          "ONNX Runtime", "cannot stop a run (" + e.getMessage() + ")", "End the program", e);
    }
  }

  @Override
  public void close() {
    loading.closeAll();
  }
}
