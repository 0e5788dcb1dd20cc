package org.llavamed.result.internal;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.Rendering.Rule;
import org.llavamed.imaging.Rendering.Window;

/**
 * How a presentation state brings stored values to grey: it must repeat what the picture says,
 * since where it is applied the picture's own transformations are not (PS3.4 section N.2).
 */
final class GreyTransform {
  private static final Set<String> FUNCTIONS = Set.of("SIGMOID", "LINEAR_EXACT");

  private GreyTransform() {}

  /** Returns the Modality LUT module (PS3.3 section C.11.1); empty where there is none. */
  static DataSet modality(Reading reading) {
    Attributes object = reading.object().attributes();
    DataSet module = new DataSet();
    if (!object.items(Tag.ModalityLUTSequence).isEmpty()) {
      return module.copyFrom(object, Tag.ModalityLUTSequence);
    }
    Attributes group = group(reading, Tag.PixelValueTransformationSequence);
    if (group.number(Tag.RescaleSlope).isPresent()) {
      module
          .putDoubles(Tag.RescaleIntercept, Vr.DS, group.number(Tag.RescaleIntercept).orElse(0))
          .putDoubles(Tag.RescaleSlope, Vr.DS, group.number(Tag.RescaleSlope).orElse(1))
          .putString(Tag.RescaleType, Vr.LO, rescaleType(group));
    }
    return module;
  }

  private static String rescaleType(Attributes group) {
    return group.string(Tag.RescaleType).filter(type -> Vr.LO.problem(type).isEmpty()).orElse("US");
  }

  /** Returns the window or the table that the picture was shown with; empty where there is none. */
  static Optional<DataSet> voi(Reading reading) {
    Optional<Window> window = reading.rendered().rendering().window();
    Attributes group = group(reading, Tag.FrameVOILUTSequence);
    if (window.isPresent()) {
      return Optional.of(window(window.get(), group, reading.rendered().rendering().rule()));
    }
    List<? extends Attributes> tables = group.items(Tag.VOILUTSequence);
    return tables.isEmpty() || reading.rendered().rendering().rule() != Rule.FILE_VOI_LUT
        ? Optional.empty()
        : Optional.of(new DataSet().putItems(Tag.VOILUTSequence, DataSet.copyOf(tables.get(0))));
  }

  private static DataSet window(Window window, Attributes group, Rule rule) {
    DataSet item =
        new DataSet()
            .putDoubles(Tag.WindowCenter, Vr.DS, window.center())
            .putDoubles(Tag.WindowWidth, Vr.DS, window.width());
    Optional<String> function =
        group
            .string(Tag.VOILUTFunction)
            .filter(name -> rule == Rule.FILE_WINDOW && FUNCTIONS.contains(name))
            .or(() -> window.width() < 1 ? Optional.of("LINEAR_EXACT") : Optional.empty());
    function.ifPresent(name -> item.putString(Tag.VOILUTFunction, Vr.CS, name));
    return item;
  }

  /** Returns where a frame's attributes of a functional group stand: there, or in the object. */
  private static Attributes group(Reading reading, int sequence) {
    Attributes object = reading.object().attributes();
    List<? extends Attributes> frames = object.items(Tag.PerFrameFunctionalGroupsSequence);
    if (reading.frame() < frames.size()) {
      List<? extends Attributes> own = frames.get(reading.frame()).items(sequence);
      if (!own.isEmpty()) {
        return own.get(0);
      }
    }
    for (Attributes shared : object.items(Tag.SharedFunctionalGroupsSequence)) {
      if (!shared.items(sequence).isEmpty()) {
        return shared.items(sequence).get(0);
      }
    }
    return object;
  }
}
