package org.llavamed.command.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.FrameRenderer;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectReader;
import org.llavamed.imaging.PictureReader;
import org.llavamed.imaging.PixelDescription;
import org.llavamed.imaging.Presentation;
import org.llavamed.imaging.RenderedFrame;
import org.llavamed.imaging.Rendering;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Makes a picture of any picture file, DICOM or not. */
@Component(service = PictureFile.class)
public final class PictureFile {
  private static final int PREAMBLE = 128;
  private static final String PREFIX = "DICM";

  private final ObjectReader objects;
  private final FrameDecoder decoder;
  private final FrameRenderer renderer;
  private final PictureReader pictures;

  /**
   * A picture and what it was made of.
   *
   * @param rendered the picture
   * @param frame frame that was taken, from 0
   * @param frames frames of the file, at least 1
   */
  record Loaded(RenderedFrame rendered, int frame, int frames) {}

  /** Takes the services that read, decode and render. */
  @Activate
  public PictureFile(
      @Reference ObjectReader objects,
      @Reference FrameDecoder decoder,
      @Reference FrameRenderer renderer,
      @Reference PictureReader pictures) {
    this.objects = objects;
    this.decoder = decoder;
    this.renderer = renderer;
    this.pictures = pictures;
  }

  /**
   * Loads a picture.
   *
   * @param frame frame of a DICOM file, from 0; the middle one where empty
   * @throws ImagingException if the file cannot be read, decoded or rendered
   */
  Loaded load(Path file, OptionalInt frame) {
    if (!isPart10(file) && pictures.recognises(file)) {
      return new Loaded(
          new RenderedFrame(
              pictures.read(file), new Rendering(Rendering.Rule.AS_IS, Optional.empty())),
          0,
          1);
    }
    return load(file, frame, Presentation.NONE);
  }

  /**
   * Loads a picture of a DICOM file as asked.
   *
   * @param frame frame, from 0; the middle one where empty
   * @throws ImagingException if the file cannot be read, decoded or rendered
   */
  Loaded load(Path file, OptionalInt frame, Presentation presentation) {
    DicomObject object = objects.read(file);
    if (object.pixelData().isEmpty()) {
      throw ImagingException.damaged(file, "the object has no pixels", "Name a picture");
    }
    int frames = PixelDescription.of(object).frames();
    int index = frame.orElse(frames / 2);
    if (index < 0 || index >= frames) {
      throw ImagingException.damaged(
          file,
          "there is no frame %d, the object has %d".formatted(index + 1, frames),
          "Name a frame from 1 to " + frames);
    }
    RenderedFrame rendered =
        renderer.render(object, decoder.decode(object, index), index, presentation);
    return new Loaded(rendered, index, frames);
  }

  /**
   * Returns whether a file has the prefix of PS3.10 section 7.1. It is looked for first, since the
   * preamble before it may hold the header of another format, TIFF for one.
   */
  private static boolean isPart10(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(PREAMBLE + PREFIX.length());
      return new String(head, StandardCharsets.ISO_8859_1).startsWith(PREFIX, PREAMBLE);
    } catch (IOException e) {
      throw ImagingException.unreadable(file, e);
    }
  }

  /**
   * Decodes and renders one frame.
   *
   * @throws ImagingException if that fails
   */
  RenderedFrame render(DicomObject object, int index) {
    return renderer.render(object, decoder.decode(object, index), index);
  }

  /**
   * Reads a DICOM file.
   *
   * @throws ImagingException if it cannot be read
   */
  DicomObject open(Path file) {
    return objects.read(file);
  }
}
