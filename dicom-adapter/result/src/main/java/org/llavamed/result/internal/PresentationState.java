package org.llavamed.result.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.RenderedFrame;

/**
 * Questions and answers as text over the pictures: Grayscale and Color Softcopy Presentation State
 * (PS3.3 sections A.33.1 and A.33.2). One object holds the pictures of one series that are brought
 * to grey in the same way, since an object states one way for all its pictures.
 */
final class PresentationState {
  /** Graphic Layer (0070,0002) of all our text. */
  static final String LAYER = "AI RESEARCH";

  private final SourceHeader source;
  private final Provenance provenance;
  private final ResultObject objects;

  PresentationState(SourceHeader source, Provenance provenance) {
    this.source = source;
    this.provenance = provenance;
    this.objects = new ResultObject(source, provenance);
  }

  /** What the pictures of one object have in common. */
  private record Look(String series, boolean colour, boolean inverse, DataSet modality) {
    static Look of(Reading reading, PictureReference picture) {
      boolean colour = reading.rendered().picture().channels() > 1;
      return new Look(
          picture.seriesInstanceUid(),
          colour,
          !colour && GreyTransform.inverse(reading),
          colour ? new DataSet() : GreyTransform.modality(reading));
    }
  }

  /** A picture that was read and can be referred to. */
  private record Shown(Reading reading, PictureReference picture) {}

  /** Returns the objects, in the order of their first picture. */
  List<DataSet> objects() {
    Map<Look, List<Shown>> looks = new LinkedHashMap<>();
    for (Reading reading : provenance.annotation().readings()) {
      PictureReference.of(reading)
          .filter(PictureReference::isImage)
          .ifPresent(
              picture ->
                  looks
                      .computeIfAbsent(Look.of(reading, picture), look -> new ArrayList<>())
                      .add(new Shown(reading, picture)));
    }
    List<DataSet> states = new ArrayList<>();
    looks.forEach((look, pictures) -> states.add(object(look, pictures)));
    return states;
  }

  private DataSet object(Look look, List<Shown> pictures) {
    DataSet object = objects.of(Format.GSPS);
    object
        .putString(
            Tag.SOPClassUID,
            Vr.UI,
            look.colour()
                ? Uids.ColorSoftcopyPresentationStateStorage
                : Uids.GrayscaleSoftcopyPresentationStateStorage)
        .putEmpty(Tag.Laterality, Vr.CS)
        .putString(Tag.ContentLabel, Vr.CS, "AI_RESEARCH")
        .putString(Tag.ContentDescription, Vr.LO, ResearchMark.NOTICE)
        .putString(Tag.PresentationCreationDate, Vr.DA, source.date().orElse(SourceHeader.NO_DATE))
        .putString(Tag.PresentationCreationTime, Vr.TM, source.time())
        .putString(Tag.ContentCreatorName, Vr.PN, ResearchMark.MANUFACTURER + "^")
        .putItems(Tag.ReferencedSeriesSequence, series(look, pictures))
        .putItems(Tag.DisplayedAreaSelectionSequence, areas(pictures))
        .putItems(Tag.GraphicAnnotationSequence, pictures.stream().map(this::annotation).toList())
        .putItems(Tag.GraphicLayerSequence, layer());
    if (look.colour()) {
      object.putBytes(Tag.ICCProfile, Vr.OB, SrgbProfile.bytes());
      object.putString(Tag.ColorSpace, Vr.CS, "SRGB");
    } else {
      object.copyFrom(look.modality(), look.modality().tags().stream().mapToInt(t -> t).toArray());
      putVoi(object, pictures);
      object.putString(Tag.PresentationLUTShape, Vr.CS, look.inverse() ? "INVERSE" : "IDENTITY");
    }
    return object;
  }

  private static DataSet series(Look look, List<Shown> pictures) {
    return new DataSet()
        .putString(Tag.SeriesInstanceUID, Vr.UI, look.series())
        .putItems(Tag.ReferencedImageSequence, references(pictures));
  }

  /** Each object once, with the frames that were read where it has several. */
  private static List<DataSet> references(List<Shown> pictures) {
    Map<String, List<PictureReference>> instances = new LinkedHashMap<>();
    pictures.forEach(
        shown ->
            instances
                .computeIfAbsent(shown.picture().sopInstanceUid(), uid -> new ArrayList<>())
                .add(shown.picture()));
    List<DataSet> items = new ArrayList<>();
    for (List<PictureReference> frames : instances.values()) {
      DataSet item = frames.get(0).instance();
      long[] numbers =
          frames.stream().flatMapToInt(f -> f.frame().stream()).asLongStream().sorted().toArray();
      if (numbers.length > 0) {
        item.putInts(Tag.ReferencedFrameNumber, Vr.IS, numbers);
      }
      items.add(item);
    }
    return items;
  }

  /** The whole picture, fitted to the screen; an item for each size. */
  private static List<DataSet> areas(List<Shown> pictures) {
    Map<DataSet, List<Shown>> areas = new LinkedHashMap<>();
    pictures.forEach(
        shown -> areas.computeIfAbsent(area(shown), size -> new ArrayList<>()).add(shown));
    List<DataSet> items = new ArrayList<>();
    areas.forEach(
        (area, shown) -> {
          DataSet item = DataSet.copyOf(area);
          if (areas.size() > 1) {
            item.putItems(Tag.ReferencedImageSequence, references(shown));
          }
          items.add(item);
        });
    return items;
  }

  private static DataSet area(Shown shown) {
    Attributes object = shown.reading().object().attributes();
    RenderedFrame rendered = shown.reading().rendered();
    DataSet area =
        new DataSet()
            .putInts(Tag.DisplayedAreaTopLeftHandCorner, Vr.SL, 1, 1)
            .putInts(
                Tag.DisplayedAreaBottomRightHandCorner,
                Vr.SL,
                object.integer(Tag.Columns).orElse(rendered.storedColumns()),
                object.integer(Tag.Rows).orElse(rendered.storedRows()))
            .putString(Tag.PresentationSizeMode, Vr.CS, "SCALE TO FIT");
    PixelSides.of(shown.reading()).putInto(area);
    return area;
  }

  private static void putVoi(DataSet object, List<Shown> pictures) {
    Map<DataSet, List<Shown>> ways = new LinkedHashMap<>();
    for (Shown shown : pictures) {
      Optional<DataSet> voi = GreyTransform.voi(shown.reading());
      voi.ifPresent(way -> ways.computeIfAbsent(way, w -> new ArrayList<>()).add(shown));
    }
    List<DataSet> items = new ArrayList<>();
    ways.forEach(
        (way, shown) -> {
          DataSet item = DataSet.copyOf(way);
          if (shown.size() < pictures.size()) {
            item.putItems(Tag.ReferencedImageSequence, references(shown));
          }
          items.add(item);
        });
    if (!items.isEmpty()) {
      object.putItems(Tag.SoftcopyVOILUTSequence, items);
    }
  }

  private DataSet annotation(Shown shown) {
    return new DataSet()
        .putItems(Tag.ReferencedImageSequence, shown.picture().item())
        .putString(Tag.GraphicLayer, Vr.CS, LAYER)
        .putItems(Tag.TextObjectSequence, PresentationText.of(shown.reading(), provenance));
  }

  private DataSet layer() {
    return new DataSet()
        .putString(Tag.GraphicLayer, Vr.CS, LAYER)
        .putInts(Tag.GraphicLayerOrder, Vr.IS, 1)
        .putString(
            Tag.GraphicLayerDescription,
            Vr.LO,
            Words.shorten("Not for clinical use: answers of " + provenance.modelName(), 64));
  }
}
