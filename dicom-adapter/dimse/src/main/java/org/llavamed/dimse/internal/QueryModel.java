package org.llavamed.dimse.internal;

import java.util.List;
import org.llavamed.dicom.Uids;
import org.llavamed.network.Query;

/** The SOP classes of the query/retrieve service class (PS3.4 annex C.6). */
enum QueryModel {
  FIND(
      Uids.PatientRootQueryRetrieveInformationModelFind,
      Uids.StudyRootQueryRetrieveInformationModelFind),
  MOVE(
      Uids.PatientRootQueryRetrieveInformationModelMove,
      Uids.StudyRootQueryRetrieveInformationModelMove),
  GET(
      Uids.PatientRootQueryRetrieveInformationModelGet,
      Uids.StudyRootQueryRetrieveInformationModelGet);

  private final String patientRoot;
  private final String studyRoot;

  QueryModel(String patientRoot, String studyRoot) {
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
}
