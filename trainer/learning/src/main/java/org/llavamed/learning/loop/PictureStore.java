package org.llavamed.learning.loop;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.PictureReader;
import org.llavamed.preprocess.PicturePreparation;

/**
 * Pictures as the tower sees them, read from their files and brought to size; the last ones are
 * kept in memory. Safe for use by several threads.
 */
final class PictureStore {
  private final PictureReader reader;
  private final PicturePreparation preparation;
  private final Map<Path, Picture> kept;

  /**
   * Keeps pictures.
   *
   * @param mostBytes that the kept ones take
   */
  PictureStore(PictureReader reader, PicturePreparation preparation, long mostBytes) {
    this.reader = reader;
    this.preparation = preparation;
    long most = mostBytes / (3L * preparation.side() * preparation.side());
    this.kept =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Path, Picture> eldest) {
            return size() > most;
          }
        };
  }

  /**
   * Returns the 8-bit square that the tower sees.
   *
   * @throws ImagingException if the file is missing or no picture
   */
  Picture square(Path file) {
    synchronized (kept) {
      Picture picture = kept.get(file);
      if (picture != null) {
        return picture;
      }
    }
    Picture square = preparation.resize(reader.read(file));
    synchronized (kept) {
      kept.put(file, square);
    }
    return square;
  }

  PicturePreparation preparation() {
    return preparation;
  }
}
