package org.llavamed.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.llavamed.command.Text;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.FrameRenderer;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectReader;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.PictureReader;
import org.llavamed.inference.Progress;

/**
 * Makes PNG files of the DICOM files among pictures, since processes that train read no DICOM: the
 * first frame of each, as the services of the framework render it.
 */
public final class DicomPictures {
  private final AnyPicture pictures;

  /** Takes the services that make a picture of a file. */
  public DicomPictures(
      PictureReader pictures, ObjectReader objects, FrameDecoder decoder, FrameRenderer renderer) {
    this.pictures = new AnyPicture(pictures, objects, decoder, renderer);
  }

  /**
   * What was found among pictures.
   *
   * @param folder the same folder, that now shows the rendered pictures
   * @param rendered files that were made, or were there already
   * @param failed files that are neither pictures nor DICOM that can be rendered; the reason is
   *     kept, so that {@link PictureCheck} tells it
   */
  public record Outcome(PictureFolder folder, int rendered, int failed) {}

  /**
   * Renders what is DICOM and not rendered yet.
   *
   * @param cache folder of the PNG files; made where it is not there. A file that is there is not
   *     made again, unless the DICOM file was changed
   * @throws DataException if a name leads out of the folder, or a PNG cannot be written
   */
  public Outcome render(Path folder, Collection<String> names, Path cache, Progress progress) {
    make(cache);
    var shown = new PictureFolder(folder, Optional.of(cache));
    List<String> sorted = names.stream().distinct().sorted().toList();
    int rendered = 0;
    int failed = 0;
    int done = 0;
    for (String name : sorted) {
      Path file = shown.original(name);
      if (Files.isRegularFile(file) && !pictures.isPlain(file)) {
        if (render(shown, file)) {
          rendered++;
        } else {
          failed++;
        }
      }
      progress.at("rendering DICOM files", ++done, sorted.size());
    }
    return new Outcome(shown, rendered, failed);
  }

  private boolean render(PictureFolder shown, Path file) {
    Path png = shown.kept(file, PictureFolder.PNG).orElseThrow();
    Path failure = shown.kept(file, PictureFolder.FAILURE).orElseThrow();
    if (Files.exists(png)) {
      return true;
    }
    try {
      Picture picture = pictures.read(file);
      WholeFile.write(png, part -> write(picture, part));
      return true;
    } catch (ImagingException e) {
      String why = Text.without(file.toString(), String.valueOf(e.getMessage()));
      WholeFile.write(failure, why);
      return false;
    }
  }

  private static void write(Picture picture, Path file) throws IOException {
    boolean grey = picture.channels() == 1;
    var image =
        new BufferedImage(
            picture.width(),
            picture.height(),
            grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    ByteBuffer pixels = picture.pixels();
    int[] samples = new int[pixels.remaining()];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = pixels.get(i) & 0xff;
    }
    image.getRaster().setPixels(0, 0, picture.width(), picture.height(), samples);
    if (!ImageIO.write(image, "png", file.toFile())) {
      throw new IOException("this Java platform has no writer for PNG");
    }
  }

  private static void make(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw DataException.unwritable(folder, e);
    }
  }
}
