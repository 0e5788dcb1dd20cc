package org.llavamed.result.internal;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.Rendering.Rule;
import org.llavamed.imaging.Rendering.Window;

/**
 * How a presentation state brings stored values to grey: it must repeat what the picture was shown
 * with, since where it is applied the picture's own transformations are not (PS3.4 section N.2).
 * What the renderer leaves out as unusable is left out here too.
 */
final class GreyTransform {
  private static final Set<String> FUNCTIONS = Set.of("SIGMOID", "LINEAR_EXACT");

  /** Longest value of US, which has a length of 16 bits in Explicit VR. */
  private static final int LONGEST_US = 0xFFFE;

  private GreyTransform() {}

  /** Returns the Modality LUT module (PS3.3 section C.11.1); empty where there is none. */
  static DataSet modality(Reading reading) {
    Attributes object = reading.object().attributes();
    DataSet module = new DataSet();
    Optional<DataSet> table = table(object, Tag.ModalityLUTSequence);
    if (table.isPresent()) {
      String type = type(object.items(Tag.ModalityLUTSequence).get(0), Tag.ModalityLUTType);
      return module.putItems(
          Tag.ModalityLUTSequence, table.get().putString(Tag.ModalityLUTType, Vr.LO, type));
    }
    holder(reading, Tag.PixelValueTransformationSequence, Tag.RescaleIntercept)
        .ifPresent(
            group -> {
              double slope = group.number(Tag.RescaleSlope).orElse(1);
              double intercept = group.number(Tag.RescaleIntercept).orElse(0);
              if (Double.isFinite(slope) && slope != 0 && Double.isFinite(intercept)) {
                module
                    .putDoubles(Tag.RescaleIntercept, Vr.DS, intercept)
                    .putDoubles(Tag.RescaleSlope, Vr.DS, slope)
                    .putString(Tag.RescaleType, Vr.LO, type(group, Tag.RescaleType));
              }
            });
    return module;
  }

  /** Returns the units of a rescale or a table; unspecified where nothing valid is said. */
  private static String type(Attributes group, int tag) {
    return group.string(tag).filter(type -> Vr.LO.problem(type).isEmpty()).orElse("US");
  }

  /** Returns whether low values are white: what the object itself says of presentation. */
  static boolean inverse(Reading reading) {
    Attributes object = reading.object().attributes();
    return object.string(Tag.PhotometricInterpretation).filter("MONOCHROME1"::equals).isPresent()
        || object.string(Tag.PresentationLUTShape).filter("INVERSE"::equals).isPresent();
  }

  /** Returns the window or the table that the picture was shown with; empty where there is none. */
  static Optional<DataSet> voi(Reading reading) {
    Rule rule = reading.rendered().rendering().rule();
    if (rule == Rule.FILE_VOI_LUT) {
      return holder(reading, Tag.FrameVOILUTSequence, Tag.VOILUTSequence)
          .flatMap(group -> table(group, Tag.VOILUTSequence))
          .map(table -> new DataSet().putItems(Tag.VOILUTSequence, table));
    }
    return reading.rendered().rendering().window().map(window -> window(window, reading, rule));
  }

  private static DataSet window(Window window, Reading reading, Rule rule) {
    DataSet item =
        new DataSet()
            .putDoubles(Tag.WindowCenter, Vr.DS, window.center())
            .putDoubles(Tag.WindowWidth, Vr.DS, window.width());
    Optional<String> function =
        switch (rule) {
          case PERCENTILES, FULL_RANGE -> Optional.of("LINEAR_EXACT");
          case FILE_WINDOW ->
              holder(reading, Tag.FrameVOILUTSequence, Tag.WindowCenter)
                  .flatMap(group -> group.string(Tag.VOILUTFunction))
                  .map(name -> name.toUpperCase(Locale.ROOT))
                  .filter(FUNCTIONS::contains);
          default -> Optional.empty();
        };
    function.ifPresent(name -> item.putString(Tag.VOILUTFunction, Vr.CS, name));
    return item;
  }

  /** Returns the table of the first item of a sequence, and nothing else that stands beside it. */
  private static Optional<DataSet> table(Attributes group, int sequence) {
    return group.items(sequence).stream()
        .limit(1)
        .filter(item -> !item.numbers(Tag.LUTDescriptor).isEmpty())
        .filter(item -> item.bytes(Tag.LUTData).hasRemaining())
        .map(GreyTransform::table)
        .findFirst();
  }

  private static DataSet table(Attributes item) {
    var data = item.bytes(Tag.LUTData);
    return new DataSet()
        .copyFrom(item, Tag.LUTDescriptor)
        .putBytes(Tag.LUTData, data.remaining() > LONGEST_US ? Vr.OW : Vr.US, data);
  }

  /** Returns the frame's functional group, the shared one or the object: what has the attribute. */
  static Optional<Attributes> holder(Reading reading, int macro, int tag) {
    Attributes object = reading.object().attributes();
    Stream<Attributes> own =
        object.items(Tag.PerFrameFunctionalGroupsSequence).stream()
            .skip(reading.frame())
            .limit(1)
            .map(group -> group);
    Stream<Attributes> shared =
        object.items(Tag.SharedFunctionalGroupsSequence).stream().limit(1).map(group -> group);
    Stream<Attributes> items =
        Stream.concat(own, shared)
            .flatMap(group -> group.items(macro).stream().limit(1).map(item -> item));
    return Stream.concat(items, Stream.of(object)).filter(a -> a.contains(tag)).findFirst();
  }
}
