package org.llavamed.result.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.ImagingException;
import org.llavamed.result.internal.Place.Predecessor;

/**
 * The earlier results that new ones stand beside. What says the same as an earlier object takes its
 * place, and so its UID and its bytes; anything else is a revision: the next number of the series,
 * with the newest documents of the series as its predecessors.
 */
final class Revisions {
  private static final Logger LOG = System.getLogger(Revisions.class.getName());

  /** What is written into documents that can name their predecessors. */
  private static final Set<Format> DOCUMENTS = Set.of(Format.SR, Format.REPORT, Format.PDF);

  private record Earlier(String seriesUid, Predecessor self, Place place) {
    static Earlier of(Attributes object) {
      List<Predecessor> predecessors = new ArrayList<>();
      for (Attributes study : object.items(Tag.PredecessorDocumentsSequence)) {
        for (Attributes series : study.items(Tag.ReferencedSeriesSequence)) {
          for (Attributes sop : series.items(Tag.ReferencedSOPSequence)) {
            predecessors.add(
                new Predecessor(
                    sop.string(Tag.ReferencedSOPClassUID).orElse(""),
                    sop.string(Tag.ReferencedSOPInstanceUID).orElse("")));
          }
        }
      }
      return new Earlier(
          object.string(Tag.SeriesInstanceUID).orElse(""),
          new Predecessor(
              object.string(Tag.SOPClassUID).orElse(""),
              object.string(Tag.SOPInstanceUID).orElse("")),
          new Place(object.integer(Tag.InstanceNumber).orElse(0), predecessors));
    }

    /** Whether it can be named and counted on from. */
    boolean usable() {
      return UidForm.problem(self.sopClassUid()).isEmpty()
          && UidForm.problem(self.sopInstanceUid()).isEmpty()
          && place.number() >= 1
          && place.number() <= MOST_NUMBER;
    }
  }

  /** Largest Instance Number that is taken over: there must be room above it. */
  private static final int MOST_NUMBER = 1_000_000_000;

  private final Map<String, List<Earlier>> unclaimed = new HashMap<>();
  private final Map<String, List<Predecessor>> newest = new HashMap<>();
  private final Map<String, Integer> highest = new HashMap<>();

  /**
   * Reads the headers of earlier results.
   *
   * @param files those that are no results of ours, that are damaged, or that have an illegal UID
   *     or Instance Number, are left alone
   */
  Revisions(List<Path> files) {
    Map<String, Earlier> objects = new LinkedHashMap<>();
    for (Path file : files) {
      try {
        DataSet object = new Part10Reader().read(file).attributes();
        Earlier earlier = Earlier.of(object);
        if (ResearchMark.isOurs(object) && earlier.usable()) {
          objects.putIfAbsent(earlier.self().sopInstanceUid(), earlier);
        }
      } catch (ImagingException e) {
        LOG.log(Level.DEBUG, "No earlier result: {0}", e.getMessage());
      }
    }
    objects.values().stream()
        .collect(Collectors.groupingBy(Earlier::seriesUid))
        .forEach(this::addSeries);
  }

  private void addSeries(String uid, List<Earlier> series) {
    Set<Predecessor> revised =
        series.stream().flatMap(e -> e.place().predecessors().stream()).collect(Collectors.toSet());
    unclaimed.put(uid, new ArrayList<>(series));
    newest.put(
        uid, series.stream().map(Earlier::self).filter(self -> !revised.contains(self)).toList());
    highest.put(uid, series.stream().mapToInt(e -> e.place().number()).max().orElse(0));
  }

  /**
   * Returns where a new object stands.
   *
   * @param uid the SOP Instance UID that the object has at a place; since it is derived from all
   *     that the object says, an earlier object with it says the same
   */
  Place place(Draft draft, Function<Place, String> uid) {
    String series = draft.object().string(Tag.SeriesInstanceUID).orElseThrow();
    List<Earlier> candidates = unclaimed.getOrDefault(series, List.of());
    for (Earlier earlier : candidates) {
      if (uid.apply(earlier.place()).equals(earlier.self().sopInstanceUid())) {
        candidates.remove(earlier);
        return earlier.place();
      }
    }
    int number = highest.merge(series, 1, Integer::sum);
    return new Place(
        number,
        DOCUMENTS.contains(draft.format()) ? newest.getOrDefault(series, List.of()) : List.of());
  }
}
