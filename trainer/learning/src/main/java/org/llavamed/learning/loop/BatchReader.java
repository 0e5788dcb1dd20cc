package org.llavamed.learning.loop;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.llavamed.data.Augmentation;
import org.llavamed.data.BatchPlan.Take;
import org.llavamed.data.TrainingData;
import org.llavamed.data.TrainingData.Item;
import org.llavamed.preprocess.PixelTensor;

/**
 * Reads the samples of batches with their pictures. Safe for use by several threads.
 *
 * @param data samples
 * @param pictures of the samples
 * @param augmentation how pictures change from epoch to epoch
 * @param seed of these changes
 * @param pixels whether pictures are read, not only named
 * @param classes of the pictures, where these are learned instead of answers
 */
record BatchReader(
    TrainingData data,
    PictureStore pictures,
    Augmentation augmentation,
    long seed,
    boolean pixels,
    Optional<PictureClasses> classes) {
  /**
   * Reads a batch.
   *
   * @param takes the samples
   * @param epoch from 0, on which the changes of the pictures depend, as on the take
   * @throws org.llavamed.imaging.ImagingException if a picture cannot be read any more
   */
  HostBatch read(List<Take> takes, long epoch) {
    List<Item> items = takes.stream().map(take -> data.get(take.sample())).toList();
    List<Path> files = items.stream().flatMap(item -> item.picture().stream()).toList();
    return new HostBatch(
        items.stream().map(Item::tokens).toList(),
        files,
        pixels && !files.isEmpty() ? Optional.of(pixels(takes, files, epoch)) : Optional.empty(),
        classes.map(of -> of.asked(items.stream().map(Item::sample).toList())).orElse(List.of()));
  }

  /** On the heap, so that their garbage makes the collector free the pictures' own memory too. */
  private FloatBuffer pixels(List<Take> takes, List<Path> files, long epoch) {
    int side = pictures.preparation().side();
    FloatBuffer all = FloatBuffer.allocate(Math.multiplyExact(files.size(), 3 * side * side));
    for (int i = 0; i < files.size(); i++) {
      all.put(shown(takes.get(i), files.get(i), epoch).values());
    }
    return all.flip();
  }

  /** A picture is changed after it was brought to size: much less work, and nearly the same. */
  private PixelTensor shown(Take take, Path file, long epoch) {
    var changed = augmentation.apply(pictures.square(file), seed, take, epoch);
    return pictures.preparation().prepare(changed);
  }
}
