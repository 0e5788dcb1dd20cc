package org.llavamed.dimse.internal;

import java.util.List;
import java.util.Map;
import org.llavamed.dicom.Uids;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Query;

/** The SOP classes of the query/retrieve service class (PS3.4 annex C.6). */
enum QueryModel {
  FIND(
      "queries (C-FIND)",
      "queries",
      Uids.PatientRootQueryRetrieveInformationModelFind,
      Uids.StudyRootQueryRetrieveInformationModelFind),
  MOVE(
      "C-MOVE",
      "retrieval",
      Uids.PatientRootQueryRetrieveInformationModelMove,
      Uids.StudyRootQueryRetrieveInformationModelMove),
  GET(
      "C-GET",
      "retrieval",
      Uids.PatientRootQueryRetrieveInformationModelGet,
      Uids.StudyRootQueryRetrieveInformationModelGet);

  /** The first byte of service class application information (PS3.4 sections C.5.1 to C.5.3). */
  private static final int RELATIONAL = 1;

  private final String service;
  private final String kind;
  private final String patientRoot;
  private final String studyRoot;

  QueryModel(String service, String kind, String patientRoot, String studyRoot) {
    this.service = service;
    this.kind = kind;
    this.patientRoot = patientRoot;
    this.studyRoot = studyRoot;
  }

  String uid(Query query) {
    return query.patientRoot() ? patientRoot : studyRoot;
  }

  /** Returns the first presentation context of an association. */
  PresentationContext proposed(Query query) {
    return new PresentationContext(
        1, 0, uid(query), List.of(Uids.ExplicitVRLittleEndian, Uids.ImplicitVRLittleEndian));
  }

  /** Returns a proposal of the information model alone. */
  Connector.Proposal proposal(Query query) {
    return new Connector.Proposal(List.of(proposed(query)), Map.of(), extended(query));
  }

  /** Returns the extended negotiation of an association. */
  Map<String, List<Integer>> extended(Query query) {
    return query.relational() ? Map.of(uid(query), List.of(RELATIONAL)) : Map.of();
  }

  /**
   * Returns the accepted context of the information model.
   *
   * @throws NetworkException if the peer has not accepted it, or not as the query asks
   */
  Association.Context require(Association association, Query query) {
    Association.Context context = association.require(uid(query), service);
    List<Integer> answer =
        association.remote().user().extended().getOrDefault(uid(query), List.of());
    if (query.relational() && (answer.isEmpty() || answer.get(0) != RELATIONAL)) {
      throw NetworkException.failed(
          association.peer(),
          "it does not support relational " + kind,
          "Give the unique keys of the levels above, without --relational");
    }
    return context;
  }
}
