package org.llavamed.dimse.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.ImagingException;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Peer;
import org.llavamed.network.Query;
import org.llavamed.network.QueryLevel;

/**
 * Asks a peer which SOP classes the objects have that a retrieval will bring: by SOP Classes in
 * Study (0008,0062), or where it does not return that one, object by object by SOP Class UID
 * (0008,0016). Peers need to support neither (PS3.4 section C.6).
 */
final class HeldClasses {
  private static final System.Logger LOGGER = System.getLogger(HeldClasses.class.getName());

  /** Series whose objects are asked for one by one, after which it would take too long. */
  private static final int MOST_SERIES = 100;

  private static final int MOST_MATCHES = 20_000;

  /** More classes than a study ever has, and than contexts are left for. */
  private static final int MOST_CLASSES = 96;

  private final Queries queries;
  private final boolean patientRoot;
  private final DataSet retrieval;
  private final Set<String> found = new LinkedHashSet<>();
  private int seriesAsked;

  private HeldClasses(Queries queries, boolean patientRoot, DataSet retrieval) {
    this.queries = queries;
    this.patientRoot = patientRoot;
    this.retrieval = retrieval;
  }

  /**
   * Returns the SOP classes of storage; none where the peer does not tell those of all studies, or
   * the keys name neither patient nor study.
   *
   * @param retrieval what is to be fetched
   */
  static Set<String> ask(Connector connector, Peer peer, Query retrieval) {
    DataSet identifier = QueryKeys.identifier(retrieval);
    if (identifier.string(Tag.PatientID).isEmpty()
        && identifier.string(Tag.StudyInstanceUID).isEmpty()) {
      return Set.of(); // every study would match
    }
    Query hierarchical = new Query(retrieval.level(), retrieval.patientRoot(), retrieval.keys());
    try (Association association = connector.open(peer, QueryModel.FIND.proposal(hierarchical))) {
      Queries queries =
          new Queries(association, QueryModel.FIND.require(association, hierarchical));
      HeldClasses classes = new HeldClasses(queries, retrieval.patientRoot(), identifier);
      boolean told = classes.ofStudies() && classes.found.size() <= MOST_CLASSES;
      association.release();
      return told ? classes.found : Set.of();
    } catch (NetworkException | ImagingException e) {
      LOGGER.log(
          System.Logger.Level.DEBUG, "SOP classes are not known beforehand: {0}", e.getMessage());
      return Set.of();
    }
  }

  /** Finds the classes of all studies; false where some are not told. */
  private boolean ofStudies() {
    DataSet keys =
        keys(QueryLevel.STUDY, Tag.SOPClassesInStudy).putEmpty(Tag.StudyInstanceUID, Vr.UI);
    keys.copyFrom(retrieval, Tag.SpecificCharacterSet, Tag.PatientID, Tag.StudyInstanceUID);
    List<String> silent = new ArrayList<>();
    boolean all =
        queries.ask(
            keys,
            MOST_MATCHES,
            study -> {
              if (!add(study, Tag.SOPClassesInStudy)) {
                silent.add(uid(study, Tag.StudyInstanceUID));
              }
            });
    return all && silent.stream().allMatch(this::ofSeries);
  }

  private boolean ofSeries(String study) {
    DataSet keys = keys(QueryLevel.SERIES, Tag.SeriesInstanceUID);
    keys.copyFrom(retrieval, Tag.SeriesInstanceUID).putString(Tag.StudyInstanceUID, Vr.UI, study);
    List<String> series = new ArrayList<>();
    boolean all =
        queries.ask(keys, MOST_MATCHES, match -> series.add(uid(match, Tag.SeriesInstanceUID)));
    return all && !series.isEmpty() && series.stream().allMatch(one -> ofObjects(study, one));
  }

  private boolean ofObjects(String study, String series) {
    if (seriesAsked++ == MOST_SERIES) {
      return false;
    }
    DataSet keys = keys(QueryLevel.IMAGE, Tag.SOPClassUID).putEmpty(Tag.SOPInstanceUID, Vr.UI);
    keys.copyFrom(retrieval, Tag.SOPInstanceUID)
        .putString(Tag.StudyInstanceUID, Vr.UI, study)
        .putString(Tag.SeriesInstanceUID, Vr.UI, series);
    List<Boolean> told = new ArrayList<>();
    boolean all = queries.ask(keys, MOST_MATCHES, match -> told.add(add(match, Tag.SOPClassUID)));
    return all && !told.isEmpty() && !told.contains(false);
  }

  /** Returns the keys that every query of a level has, with one to be returned. */
  private DataSet keys(QueryLevel level, int wanted) {
    DataSet keys =
        new DataSet()
            .putString(Tag.QueryRetrieveLevel, Vr.CS, level.name())
            .putEmpty(wanted, Dictionary.vr(wanted));
    return patientRoot ? keys.copyFrom(retrieval, Tag.SpecificCharacterSet, Tag.PatientID) : keys;
  }

  /** Adds the classes of a match, as far as they may be of storage; false where it has none. */
  private boolean add(DataSet match, int tag) {
    List<String> told = match.strings(tag);
    told.stream()
        .filter(uid -> Uid.isValid(uid) && StorageClasses.mayBeStorage(uid))
        .limit(MOST_CLASSES + 1)
        .filter(uid -> found.size() <= MOST_CLASSES)
        .forEach(found::add);
    return !told.isEmpty();
  }

  private static String uid(DataSet match, int tag) {
    return match.string(tag).filter(Uid::isValid).orElse("");
  }
}
