package org.llavamed.learning.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.llavamed.engine.AdamW;
import org.llavamed.engine.Device;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Engines;
import org.llavamed.engine.Tensor;

/** The tiny model of src/test/resources/parity/make.py, with its batches and curves. */
final class TinyModel {
  static final int SIDE = 16;

  private final Engine engine = Engines.open(Device.CPU);
  private final JsonNode curves;

  TinyModel() {
    try {
      curves = new ObjectMapper().readTree(folder("curves.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a file or folder beside the script. */
  static Path folder(String name) {
    URL place = Objects.requireNonNull(TinyModel.class.getResource("/parity/" + name), name);
    try {
      return Path.of(place.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  Engine engine() {
    return engine;
  }

  Llava open(Llava.Settings settings) {
    return Origin.folder(folder("model")).open(engine, settings);
  }

  Llava open() {
    return open(Llava.Settings.PLAIN);
  }

  JsonNode curve(String name) {
    return curves.path(name);
  }

  List<Double> numbers(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asDouble).toList();
  }

  /** Returns a batch with pictures that depend on the step. */
  Inputs inputs(int batch, int step) {
    JsonNode given = curves.path("batches").get(batch);
    Inputs inputs =
        Inputs.of(
            engine,
            given.path("ids").size(),
            longs(given.path("ids")),
            longs(given.path("labels")));
    return given.path("pictured").asBoolean()
        ? inputs.withPixels(engine, pixels(step, given.path("ids").size()), SIDE)
        : inputs;
  }

  private static LongBuffer longs(JsonNode rows) {
    List<Long> all = new ArrayList<>();
    rows.forEach(row -> row.forEach(number -> all.add(number.asLong())));
    return LongBuffer.wrap(all.stream().mapToLong(Long::longValue).toArray());
  }

  static FloatBuffer pixels(int step, int rows) {
    int size = 3 * SIDE * SIDE;
    FloatBuffer pixels = FloatBuffer.allocate(rows * size);
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < size; i++) {
        pixels.put(((17 * i + 29 * r + 53 * step) % 61 - 30) / 16f);
      }
    }
    return pixels.flip();
  }

  /** How a curve is made. */
  record Run(double rate, double decay, int steps, int batches) {}

  /** Trains, and returns the mean loss and the norm of the gradients before clipping, by step. */
  List<List<Double>> train(Llava model, Run run) {
    List<AdamW.Parameter> trained = new ArrayList<>();
    model
        .parameters()
        .trained()
        .forEach((name, tensor) -> trained.add(new AdamW.Parameter(name, tensor)));
    AdamW optimiser =
        engine.adamW(
            List.of(new AdamW.Group(trained, run.rate(), run.decay())),
            new AdamW.Settings(0.9, 0.95, 1e-8));
    List<Tensor> tensors = trained.stream().map(AdamW.Parameter::tensor).toList();
    List<Double> losses = new ArrayList<>();
    List<Double> norms = new ArrayList<>();
    for (int step = 0; step < run.steps(); step++) {
      Inputs inputs = inputs(step % run.batches(), step);
      optimiser.clearGradients();
      losses.add(model.learn(inputs, (double) inputs.learned()) / inputs.learned());
      norms.add(engine.clipGradients(tensors, 1));
      optimiser.step();
    }
    return List.of(losses, norms);
  }
}
