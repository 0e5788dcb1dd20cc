package org.llavamed.preprocess.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.PictureReader;
import org.osgi.service.component.annotations.Component;

/**
 * Reads JPEG with the JDK, all other kinds with Commons Imaging, but for PNG of 16 bits: there
 * Commons Imaging 1.0.0-alpha6 cuts the lower eight bits off where rounding is right. Colour
 * profiles are ignored, as Pillow does.
 */
@Component
public final class PictureFileReader implements PictureReader {
  private static final String ADVICE = "Write the picture again with another program";
  private static final long MOST_BYTES = 256L << 20;

  @Override
  public boolean recognises(Path file) {
    return FileKind.of(head(file)) != null;
  }

  @Override
  public Picture read(Path file) {
    FileKind kind = FileKind.of(head(file));
    if (kind == null) {
      throw ImagingException.unsupported(
          file,
          "a file that is neither PNG, JPEG, TIFF, GIF nor BMP",
          "Name a picture of one of these kinds, or a DICOM file");
    }
    byte[] bytes = bytes(file);
    try {
      return switch (kind) {
        case PNG -> png(PngChunks.of(bytes));
        case JPEG -> JdkPictures.jpeg(bytes);
        case TIFF, GIF, BMP -> CommonsPictures.decode(bytes);
      };
    } catch (IOException | RuntimeException e) {
      if (e instanceof ImagingException named) {
        throw named;
      }
      throw ImagingException.damaged(
          file, "the %s data are damaged (%s)".formatted(kind, message(e)), ADVICE, e);
    }
  }

  private static Picture png(PngChunks chunks) throws IOException {
    return chunks.bitDepth() == 16 ? JdkPictures.png(chunks) : CommonsPictures.png(chunks);
  }

  private static byte[] head(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(FileKind.HEAD);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw ImagingException.unsupported(
            file,
            "a picture file of %d bytes (the most is %d)".formatted(size, MOST_BYTES),
            "Write the picture smaller");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static ImagingException unreadable(Path file, IOException e) {
    return ImagingException.unreadable(file, e);
  }

  private static String message(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
