package org.llavamed.learning.loop;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.llavamed.data.Augmentation;
import org.llavamed.data.TrainingData;
import org.llavamed.engine.Engine;
import org.llavamed.engine.ProcessGroup;
import org.llavamed.engine.Tensor;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.loop.CheckpointState.Setting;
import org.llavamed.learning.model.Llava;
import org.llavamed.learning.recipe.Recipe;
import org.llavamed.learning.run.RunEvent;
import org.llavamed.learning.run.RunFolder;

/**
 * A run of training, in one of the processes that train together. All of them see the folder of the
 * run and the data; the first writes and tells. Each holds the whole model and the whole state of
 * the optimiser: neither is divided among them.
 */
public final class Training {
  private final Recipe recipe;
  private final RunFolder folder;
  private final Engine engine;
  private final ProcessGroup group;
  private final BooleanSupplier asked;
  private final Reports reports;
  private final Checkpoints checkpoints;

  /**
   * Takes what a run needs.
   *
   * @param recipe what is done
   * @param folder that receives what it writes
   * @param engine used by this run alone
   * @param group the processes that train together, or {@link Alone}
   * @param events receives what the first process tells, one at a time, on any thread
   * @param asked whether the run is asked to write a checkpoint and end
   */
  public Training(
      Recipe recipe,
      RunFolder folder,
      Engine engine,
      ProcessGroup group,
      Consumer<RunEvent> events,
      BooleanSupplier asked) {
    this.recipe = recipe;
    this.folder = folder;
    this.engine = engine;
    this.group = group;
    this.asked = asked;
    this.reports = new Reports(isFirst() ? events : event -> {}, asked);
    this.checkpoints = new Checkpoints(folder.checkpoints(), recipe.checkpoints().keep());
  }

  private boolean isFirst() {
    return group.rank() == 0;
  }

  /**
   * Trains until all steps are done or the run is asked to end.
   *
   * @param resume whether the run goes on from its newest checkpoint; without one it begins
   * @throws TrainingException if the run, its data or its checkpoint are not as they have to be, or
   *     the loss becomes infinite or no number
   * @throws org.llavamed.data.DataException if the data are wrong
   * @throws org.llavamed.engine.LostPeerException if another process is gone
   */
  public Outcome run(boolean resume) {
    Optional<Path> checkpoint = checkpoint(resume);
    try (Prepared prepared = Prepared.of(recipe, folder)) {
      TrainingData data = firstThenOthers(() -> prepared.training(reports));
      Optional<TrainingData> validation = firstThenOthers(() -> prepared.validation(reports));
      Setting setting =
          Setting.of(recipe, isFirst() ? hashes() : Map.of(), group.size(), engine.version());
      reports.at("making the model", 0, 0);
      Optional<PictureClasses> classes =
          recipe.objective().equals(Recipe.PICTURES)
              ? Optional.of(new PictureClasses(data))
              : Optional.empty();
      Llava model = prepared.model(engine, classes);
      try (Features features = features(prepared, model)) {
        var learner = new Learner(engine, group, model, recipe, features);
        learner.share();
        var plan = new Plan(data, recipe, group.size());
        var around = new Run.Surroundings(engine, group, checkpoints, setting, reports, asked);
        var run =
            new Run(
                recipe,
                around,
                learner,
                reader(prepared, data, prepared.augmentation(), classes),
                validation.map(of -> validation(prepared, learner, of)).orElse(null),
                plan.steps(recipe.optimiser()));
        checkpoint.ifPresent(run::goOn);
        reports.tell(started(run, plan, model, checkpoint));
        return end(run, run.train(plan), model, prepared, setting);
      }
    } catch (AskedToEndException e) {
      return Outcome.INTERRUPTED;
    }
  }

  private Optional<Path> checkpoint(boolean resume) {
    if (isFirst()) {
      checkpoints.removeHalves();
    }
    Optional<Path> newest = checkpoints.newest();
    if (!resume && newest.isPresent()) {
      throw TrainingException.invalid(
          newest.get(), "another run has written it", "Resume that run, or train elsewhere");
    }
    return newest;
  }

  /** The first process looks at all pictures, the others find what it found. */
  private <T> T firstThenOthers(Supplier<T> work) {
    if (!isFirst()) {
      group.barrier();
      return work.get();
    }
    T made = work.get();
    group.barrier();
    return made;
  }

  /** Returns the SHA-256 of the files of samples, and of the folders that the model begins with. */
  private Map<String, String> hashes() {
    Map<String, String> hashes = new TreeMap<>();
    recipe.data().forEach(source -> hashes.put(source.file(), hash(source.file(), false)));
    if (recipe.validation() != null) {
      String file = recipe.validation().file();
      hashes.put(file, hash(file, false));
    }
    Recipe.Start start = recipe.model();
    Stream.of(start.folder(), start.language(), start.vision(), start.random())
        .filter(named -> named != null)
        .forEach(named -> hashes.put(named, hash(named, true)));
    return hashes;
  }

  private String hash(String named, boolean folder) {
    reports.at("hashing " + named, 0, 0);
    return folder ? Hashes.ofFolder(Path.of(named)) : Hashes.ofFile(Path.of(named));
  }

  private @Nullable Features features(Prepared prepared, Llava model) {
    return recipe.featureCache()
        ? Features.open(
            engine, model, prepared.pictures(), folder.cache(), group.rank(), recipe.precision())
        : null;
  }

  private BatchReader reader(
      Prepared prepared,
      TrainingData data,
      Augmentation augmentation,
      Optional<PictureClasses> classes) {
    return new BatchReader(
        data, prepared.pictures(), augmentation, recipe.seed(), !recipe.featureCache(), classes);
  }

  private Validation validation(Prepared prepared, Learner learner, TrainingData data) {
    return new Validation(
        learner,
        group,
        reader(prepared, data, Augmentation.NONE, Optional.empty()),
        recipe.batch().size());
  }

  private RunEvent.Started started(Run run, Plan plan, Llava model, Optional<Path> checkpoint) {
    return new RunEvent.Started(
        run.done(),
        plan.steps(recipe.optimiser()),
        plan.stepsPerEpoch(),
        plan.samplesPerEpoch(),
        model.parameters().count(),
        model.parameters().trained().values().stream().mapToLong(Tensor::count).sum(),
        engine.device().toString(),
        engine.version(),
        group.size(),
        checkpoint.map(Path::toString).orElse(null));
  }

  private Outcome end(Run run, Outcome outcome, Llava model, Prepared prepared, Setting setting) {
    if (outcome == Outcome.FINISHED) {
      if (isFirst()) {
        new ModelOutput(engine, recipe, prepared, setting).write(model, folder, run.done());
      }
      group.barrier();
      reports.tell(new RunEvent.Finished(run.done(), folder.model().toString(), run.seconds()));
    }
    return outcome;
  }
}
