package org.llavamed.learning.loop;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.llavamed.data.Augmentation;
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
 */
record BatchReader(
    TrainingData data,
    PictureStore pictures,
    Augmentation augmentation,
    long seed,
    boolean pixels) {
  /**
   * Reads a batch.
   *
   * @param numbers of the samples
   * @param epoch from 0, on which the changes of the pictures depend
   * @throws org.llavamed.imaging.ImagingException if a picture cannot be read any more
   */
  HostBatch read(List<Integer> numbers, long epoch) {
    List<Item> items = numbers.stream().map(data::get).toList();
    List<Item> pictured = items.stream().filter(item -> item.picture().isPresent()).toList();
    return new HostBatch(
        items.stream().map(Item::tokens).toList(),
        pictured.stream().map(item -> item.picture().orElseThrow()).toList(),
        pixels && !pictured.isEmpty() ? Optional.of(pixels(pictured, epoch)) : Optional.empty());
  }

  /** On the heap, so that their garbage makes the collector free the pictures' own memory too. */
  private FloatBuffer pixels(List<Item> pictured, long epoch) {
    int side = pictures.preparation().side();
    int count = Math.multiplyExact(pictured.size(), 3 * side * side);
    FloatBuffer all = FloatBuffer.allocate(count);
    pictured.forEach(item -> all.put(shown(item, epoch).values()));
    return all.flip();
  }

  /** A picture is changed after it was brought to size: much less work, and nearly the same. */
  private PixelTensor shown(Item item, long epoch) {
    var square = pictures.square(item.picture().orElseThrow());
    var changed = augmentation.apply(square, seed, item.tokens().id(), epoch);
    return pictures.preparation().prepare(changed);
  }
}
