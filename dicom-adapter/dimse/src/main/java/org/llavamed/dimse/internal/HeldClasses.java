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

  private final Queries queries;
  private final boolean patientRoot;
  private final DataSet retrieval;
  private int seriesAsked;

  private HeldClasses(Queries queries, Query retrieval) {
    this.queries = queries;
    this.patientRoot = retrieval.patientRoot();
    this.retrieval = QueryKeys.identifier(retrieval);
  }

  /**
   * Returns the SOP classes; none where the peer does not tell those of all studies.
   *
   * @param retrieval what is to be fetched
   */
  static Set<String> ask(Connector connector, Peer peer, Query retrieval) {
    var proposal = Connector.Proposal.of(List.of(QueryModel.FIND.proposed(retrieval)));
    try (Association association = connector.open(peer, proposal)) {
      String model = QueryModel.FIND.uid(retrieval);
      Queries queries = new Queries(association, association.require(model, FindScu.SERVICE));
      Set<String> found = new HeldClasses(queries, retrieval).ofStudies();
      association.release();
      return found;
    } catch (NetworkException | ImagingException e) {
      LOGGER.log(
          System.Logger.Level.DEBUG, "SOP classes are not known beforehand: {0}", e.getMessage());
      return Set.of();
    }
  }

  private Set<String> ofStudies() {
    DataSet keys =
        keys(QueryLevel.STUDY, Tag.SOPClassesInStudy).putEmpty(Tag.StudyInstanceUID, Vr.UI);
    keys.copyFrom(retrieval, Tag.SpecificCharacterSet, Tag.PatientID, Tag.StudyInstanceUID);
    if (keys.string(Tag.PatientID).isEmpty() && keys.string(Tag.StudyInstanceUID).isEmpty()) {
      return Set.of(); // every study would match
    }
    Set<String> found = new LinkedHashSet<>();
    for (DataSet study : matches(keys)) {
      List<String> told = study.strings(Tag.SOPClassesInStudy);
      Set<String> classes = told.isEmpty() ? ofSeries(study) : Set.copyOf(told);
      if (classes.isEmpty()) {
        return Set.of();
      }
      found.addAll(classes);
    }
    return found;
  }

  private Set<String> ofSeries(DataSet study) {
    DataSet keys = keys(QueryLevel.SERIES, Tag.SeriesInstanceUID);
    keys.copyFrom(retrieval, Tag.SeriesInstanceUID).copyFrom(study, Tag.StudyInstanceUID);
    Set<String> found = new LinkedHashSet<>();
    for (DataSet series : matches(keys)) {
      Set<String> classes = ofObjects(study, series);
      if (classes.isEmpty()) {
        return Set.of();
      }
      found.addAll(classes);
    }
    return found;
  }

  private Set<String> ofObjects(DataSet study, DataSet series) {
    if (seriesAsked++ == MOST_SERIES) {
      return Set.of();
    }
    DataSet keys = keys(QueryLevel.IMAGE, Tag.SOPClassUID).putEmpty(Tag.SOPInstanceUID, Vr.UI);
    keys.copyFrom(retrieval, Tag.SOPInstanceUID)
        .copyFrom(study, Tag.StudyInstanceUID)
        .copyFrom(series, Tag.SeriesInstanceUID);
    Set<String> found = new LinkedHashSet<>();
    for (DataSet object : matches(keys)) {
      List<String> told = object.strings(Tag.SOPClassUID);
      if (told.isEmpty()) {
        return Set.of();
      }
      found.addAll(told);
    }
    return found;
  }

  /** Returns the keys that every query of a level has, with one to be returned. */
  private DataSet keys(QueryLevel level, int wanted) {
    DataSet keys =
        new DataSet()
            .putString(Tag.QueryRetrieveLevel, Vr.CS, level.name())
            .putEmpty(wanted, Dictionary.vr(wanted));
    return patientRoot ? keys.copyFrom(retrieval, Tag.SpecificCharacterSet, Tag.PatientID) : keys;
  }

  /** Returns all matches; none where there are too many. */
  private List<DataSet> matches(DataSet identifier) {
    List<DataSet> matches = new ArrayList<>();
    return queries.ask(identifier, MOST_MATCHES, matches::add) ? matches : List.of();
  }
}
