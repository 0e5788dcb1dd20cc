package org.llavamed.model.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.llavamed.inference.Diagnosis.Measurement;
import org.llavamed.inference.ModelException;

/**
 * Says which graphs of a model folder are run on this machine. What has to be measured for that is
 * measured once and kept; an interrupted measurement keeps what it has.
 */
final class GraphPlanner {
  /** What a person may want to see is logged here at INFO. */
  private static final Logger LOG = System.getLogger("org.llavamed.model");

  private final ModelFolder folder;
  private final GraphChooser chooser;
  private final Measured.Key key;
  private final Measurer measurer;
  private final BooleanSupplier busy;

  /**
   * Makes a planner.
   *
   * @param key all that measurements depend on
   * @param busy whether other programs would spoil a measurement now
   */
  GraphPlanner(
      ModelFolder folder,
      GraphChooser chooser,
      Measured.Key key,
      Measurer measurer,
      BooleanSupplier busy) {
    this.folder = folder;
    this.chooser = chooser;
    this.key = key;
    this.measurer = measurer;
    this.busy = busy;
  }

  /** Chooses from what was measured before, without measuring. */
  GraphChoice known() {
    Map<String, Measurement> kept = kept();
    return kept.keySet().containsAll(chooser.open())
        ? chooser.choose(kept)
        : chooser.withoutMeasurement();
  }

  /**
   * Chooses, after a measurement where one is needed and was not made before. On a busy machine
   * nothing is measured, since what would be kept says more about the other programs.
   *
   * @throws ModelException if a graph cannot be run, or the calling thread is interrupted
   */
  GraphChoice plan() {
    List<String> open = chooser.open();
    if (open.isEmpty()) {
      return chooser.choose(Map.of());
    }
    Map<String, Measurement> kept = kept();
    List<String> missing = open.stream().filter(name -> !kept.containsKey(name)).toList();
    if (!missing.isEmpty() && busy.getAsBoolean()) {
      GraphChoice choice = chooser.withoutMeasurement();
      LOG.log(Level.INFO, "Other programs keep the processor busy: {0}", choice.reason());
      return choice;
    }
    if (!missing.isEmpty()) {
      LOG.log(
          Level.INFO,
          "Measuring once which of the {0} graphs of {1} are fastest on this processor",
          open.size(),
          folder.path());
    }
    for (String name : missing) {
      if (Thread.currentThread().isInterrupted()) {
        throw folder.interrupted();
      }
      kept.put(
          name, name.startsWith(DecoderFile.STEM) ? measurer.decoder(name) : measurer.vision(name));
      folder.notes().write(Measured.NAME, new Measured(key, kept));
    }
    GraphChoice choice = chooser.choose(kept);
    if (!missing.isEmpty()) {
      LOG.log(Level.INFO, "Chosen: {0}", choice.reason());
    }
    return choice;
  }

  private Map<String, Measurement> kept() {
    return folder.notes().read(Measured.NAME, Measured.class).stream()
        .filter(measured -> measured.key().equals(key))
        .findFirst()
        .map(measured -> new TreeMap<>(measured.graphs()))
        .orElseGet(TreeMap::new);
  }
}
