package org.llavamed.model.internal;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.llavamed.inference.ModelException;
import org.llavamed.model.internal.Decoder.Limits;
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
  static ModelParts open(
      ModelFolder folder, ModelSettings settings, Sessions sessions, GraphChoice choice) {
    Loading loading = new Loading();
    try {
      return open(folder, settings, new Graphs(folder, sessions, choice, loading));
    } catch (OrtException e) {
      loading.closeAll();
      throw ModelException.invalid(
          folder.path(), "ONNX Runtime failed (" + e.getMessage() + ")", IMPORT, e);
    } catch (RuntimeException e) {
      loading.closeAll();
      throw e;
    }
  }

  /** What loads the graphs that were chosen. */
  private record Graphs(
      ModelFolder folder, Sessions sessions, GraphChoice choice, Loading loading) {
    Optional<FutureTask<Graph>> vision() {
      return choice
          .vision()
          .map(name -> loading.begin("vision", () -> Graph.load(folder, name, sessions)));
    }

    DecoderGraphs decoders() {
      Graph step = decoder(choice.step());
      return new DecoderGraphs(
          choice.prefill().equals(choice.step()) ? step : decoder(choice.prefill()),
          step,
          choice.wide());
    }

    private Graph decoder(DecoderFile file) {
      return Loading.loaded(loading.now(() -> Graph.load(folder, file.name(), sessions)));
    }
  }

  private static ModelParts open(ModelFolder folder, ModelSettings settings, Graphs graphs)
      throws OrtException {
    Loading loading = graphs.loading();
    ModelDescription model = folder.description();
    FutureTask<Tokenizer> tokenizer =
        loading.begin("tokenizer", () -> Tokenizer.open(folder.file("tokenizer.json")));
    RunOptions options = new RunOptions();
    loading.own(options);
    Optional<FutureTask<Graph>> vision = graphs.vision();
    DecoderGraphs decoders = graphs.decoders();
    EmbeddingTable table = EmbeddingTable.open(folder);
    Optional<PicturePreparation> preparation = vision.map(graph -> preparation(folder));
    Decoder decoder =
        new Decoder(table, decoders, model, limits(model, settings, graphs.choice()), options);
    loading.own(decoder);
    Tokenizer loaded = Loading.loaded(tokenizer);
    Optional<Eye> eye =
        vision.map(
            graph ->
                new Eye(
                    preparation.orElseThrow(), new Vision(Loading.loaded(graph), model, options)));
    return new ModelParts(eye, loaded, new Prompts(loaded, model), decoder, options, loading);
  }

  private static Limits limits(ModelDescription model, ModelSettings settings, GraphChoice choice) {
    EngineSettings engine = settings.engine();
    int positions = Math.min(model.context(), settings.mostPositions());
    int chunk = engine.prefillChunk() == 0 ? choice.chunk() : engine.prefillChunk();
    return new Limits(engine.batchSize(), positions, Math.min(positions, chunk));
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
