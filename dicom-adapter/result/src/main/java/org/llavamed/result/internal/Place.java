package org.llavamed.result.internal;

import java.util.List;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;

/**
 * Where an object stands among those of its series.
 *
 * @param number Instance Number, from 1
 * @param predecessors the documents that it revises; empty where there are none, or where objects
 *     of its kind cannot name them
 */
record Place(int number, List<Predecessor> predecessors) {
  /**
   * A document that is revised.
   *
   * @param sopClassUid SOP Class UID
   * @param sopInstanceUid SOP Instance UID
   */
  record Predecessor(String sopClassUid, String sopInstanceUid) {}

  Place {
    predecessors = List.copyOf(predecessors);
  }

  /**
   * Puts Instance Number and Predecessor Documents Sequence (PS3.3 sections C.17.2 and C.24.2); the
   * predecessors are of the object's own series.
   */
  void putInto(DataSet object) {
    object.putInts(Tag.InstanceNumber, Vr.IS, number);
    if (!predecessors.isEmpty()) {
      DataSet series =
          new DataSet()
              .copyFrom(object, Tag.SeriesInstanceUID)
              .putItems(
                  Tag.ReferencedSOPSequence, predecessors.stream().map(Place::reference).toList());
      object.putItems(
          Tag.PredecessorDocumentsSequence,
          new DataSet()
              .copyFrom(object, Tag.StudyInstanceUID)
              .putItems(Tag.ReferencedSeriesSequence, series));
    }
  }

  private static DataSet reference(Predecessor document) {
    return new DataSet()
        .putString(Tag.ReferencedSOPClassUID, Vr.UI, document.sopClassUid())
        .putString(Tag.ReferencedSOPInstanceUID, Vr.UI, document.sopInstanceUid());
  }
}
