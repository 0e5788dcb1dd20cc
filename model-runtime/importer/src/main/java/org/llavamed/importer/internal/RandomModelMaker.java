package org.llavamed.importer.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.llavamed.files.FileError;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.ModelImporter;
import org.llavamed.inference.Progress;
import org.llavamed.inference.RandomModels;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Writes checkpoints of random weights and imports them as any other: so what is measured is what
 * an imported model is. The checkpoint lies beside the model folder meanwhile.
 */
@Component
public final class RandomModelMaker implements RandomModels {
  private final ModelImporter importer;

  /** Takes the service that imports. */
  @Activate
  public RandomModelMaker(@Reference ModelImporter importer) {
    this.importer = importer;
  }

  @Override
  public List<String> shapes() {
    return RandomShape.ALL.stream().map(RandomShape::name).toList();
  }

  @Override
  public ModelCard makeModel(RandomModel model, Progress progress) {
    RandomShape shape = RandomShape.named(model.shape());
    Path out = model.out().toAbsolutePath().normalize();
    try (FreshFolder draft = new FreshFolder(out.resolveSibling("random-" + UUID.randomUUID()))) {
      FreshFolder.expectFree(out);
      new RandomCheckpoint(shape, model.seed(), progress).write(draft.draft());
      return importer.importCheckpoint(request(draft.draft(), model), progress);
    } catch (IOException e) {
      throw unwritable(model, e);
    }
  }

  @Override
  public void makeCheckpoint(RandomModel model, Progress progress) {
    RandomShape shape = RandomShape.named(model.shape());
    try (FreshFolder folder = new FreshFolder(model.out())) {
      new RandomCheckpoint(shape, model.seed(), progress).write(folder.draft());
      folder.keep();
    } catch (IOException e) {
      throw unwritable(model, e);
    }
  }

  /** Random weights say nothing that could be right, so their self-check may find anything. */
  private static ImportRequest request(Path checkpoint, RandomModel model) {
    return new ImportRequest(
        checkpoint,
        Optional.empty(),
        Optional.empty(),
        model.out(),
        Optional.empty(),
        model.precisions(),
        true);
  }

  /** An interruption also shows as an error of the file that was open. */
  private static ModelException unwritable(RandomModel model, IOException e) {
    if (Thread.currentThread().isInterrupted()) {
      return Work.stopped(model.out());
    }
    return ModelException.invalid(
        model.out(),
        FileError.writing(model.out(), e).found(),
        "Check the rights and the free space",
        e);
  }
}
