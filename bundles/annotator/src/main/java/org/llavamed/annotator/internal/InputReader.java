package org.llavamed.annotator.internal;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectReader;

/**
 * Reads the headers of the inputs. Objects without pixels, results of ours, objects whose pixels
 * are no picture, and second copies are left out by name; what cannot be read fails by name.
 */
final class InputReader {
  private static final Logger LOG = System.getLogger(InputReader.class.getName());
  private static final int JSON_HEAD = 1 << 16;

  /** Storage SOP classes (PS3.4 B.5) whose pixels are a computed map, not a picture. */
  private static final Map<String, String> NO_PICTURE =
      Map.of(
          "1.2.840.10008.5.1.4.1.1.66.4", "segmentation",
          "1.2.840.10008.5.1.4.1.1.66.7", "label map segmentation",
          "1.2.840.10008.5.1.4.1.1.481.2", "radiotherapy dose");

  private final ObjectReader reader;
  private final Tally tally;
  private final InputFiles files;
  private final Map<String, Instance> instances = new LinkedHashMap<>();

  InputReader(ObjectReader reader, Tally tally, Path results) {
    this.reader = reader;
    this.tally = tally;
    this.files = new InputFiles(tally, results);
  }

  /** Reads the headers of all inputs and groups them. Stops where the thread is interrupted. */
  List<Study> read(List<Path> inputs) {
    var named = Set.copyOf(inputs);
    for (Path input : inputs) {
      files.visit(input, file -> readFile(file, named.contains(file)));
    }
    return Study.group(instances.values());
  }

  private void readFile(Path file, boolean named) {
    Optional<DicomObject> object = open(file);
    if (object.isEmpty()) {
      return;
    }
    Attributes attributes = object.get().attributes();
    if (!attributes.contains(Tags.DIRECTORY_RECORD_SEQUENCE)) {
      take(object.get());
    } else if (named) {
      files.visitReferenced(file, attributes, referenced -> open(referenced).ifPresent(this::take));
    } else {
      tally.skipped(file, "DICOMDIR; the files of its folder are read anyway");
    }
  }

  private Optional<DicomObject> open(Path file) {
    try {
      return Optional.of(reader.read(file));
    } catch (ImagingException e) {
      if (Thread.currentThread().isInterrupted()) {
        return Optional.empty();
      }
      if (isOurJson(file)) {
        tally.skipped(file, "result of this program");
      } else {
        tally.failed(file, e);
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Reading " + file + " failed", e);
      tally.failed(
          file,
          "%s: reading failed unexpectedly (%s). Report this as an error of the program."
              .formatted(file, e));
    }
    return Optional.empty();
  }

  private void take(DicomObject object) {
    Attributes attributes = object.attributes();
    String sopClass = attributes.string(Tags.SOP_CLASS_UID).orElse("");
    if (ResearchMark.isOurs(attributes)) {
      tally.skipped(object.file(), "result of this program");
    } else if (object.pixelData().isEmpty()) {
      tally.skipped(object.file(), "no pixels" + kind(attributes));
    } else if (NO_PICTURE.containsKey(sopClass)) {
      tally.skipped(object.file(), NO_PICTURE.get(sopClass) + ", no picture");
    } else {
      keep(object);
    }
  }

  private void keep(DicomObject object) {
    try {
      Instance instance = Instance.of(object);
      Instance first = instances.putIfAbsent(instance.sopUid(), instance);
      if (first != null) {
        tally.skipped(
            object.file(), "same SOP Instance UID as %s".formatted(first.file().getFileName()));
      }
    } catch (ImagingException e) {
      tally.failed(object.file(), e);
    }
  }

  private static String kind(Attributes attributes) {
    return attributes.string(Tags.MODALITY).map(modality -> " (%s)".formatted(modality)).orElse("");
  }

  /** Returns whether a file is a JSON object that carries our notice. */
  private static boolean isOurJson(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      String head = new String(in.readNBytes(JSON_HEAD), StandardCharsets.UTF_8).stripLeading();
      return head.startsWith("{") && head.contains(ResearchMark.NOTICE);
    } catch (IOException e) {
      return false;
    }
  }
}
