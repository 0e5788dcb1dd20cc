package org.llavamed.model.internal;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import java.util.concurrent.FutureTask;
import org.llavamed.inference.ModelException;
import org.llavamed.preprocess.PictureMode;
import org.llavamed.preprocess.PicturePreparation;
import org.llavamed.preprocess.Tokenizer;

/**
 * The working parts of an open model. All but the preparation hold memory outside of the Java heap.
 *
 * @param preparation pictures to tensors
 * @param tokenizer text to tokens and back
 * @param prompts questions to tokens
 * @param vision the vision tower
 * @param decoder the language model
 * @param options of every run of the sessions
 * @param loading what was loaded, to be closed
 */
record ModelParts(
    PicturePreparation preparation,
    Tokenizer tokenizer,
    Prompts prompts,
    Vision vision,
    Decoder decoder,
    RunOptions options,
    Loading loading)
    implements AutoCloseable {
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
    FutureTask<Graph> vision =
        loading.begin("vision", () -> Graph.load(folder.graph("vision_encoder"), settings));
    FutureTask<Graph> embedding =
        loading.now(() -> Graph.load(folder.graph("embed_tokens"), settings));
    FutureTask<Graph> language =
        loading.now(() -> Graph.load(folder.graph("decoder_model_merged"), settings));
    PicturePreparation preparation = preparation(folder);
    RunOptions options = new RunOptions();
    loading.own(options);
    Decoder decoder =
        new Decoder(
            Loading.loaded(embedding),
            Loading.loaded(language),
            model,
            Math.min(model.context(), settings.mostPositions()),
            options);
    loading.own(decoder);
    Tokenizer loaded = Loading.loaded(tokenizer);
    return new ModelParts(
        preparation,
        loaded,
        new Prompts(loaded, model),
        new Vision(Loading.loaded(vision), model, options),
        decoder,
        options,
        loading);
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
