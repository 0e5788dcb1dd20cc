package org.llavamed.dimse.internal;

import org.llavamed.dicom.Dictionary;

/** Which SOP classes store composite objects (PS3.4 annex B.5). */
final class StorageClasses {
  private StorageClasses() {}

  /** Returns whether a SOP class is one of storage, retired ones too, by its name in PS3.6. */
  static boolean isStorage(String sopClassUid) {
    return Dictionary.uid(sopClassUid)
        .filter(known -> known.type().equals("SOP Class"))
        .map(Dictionary.Uid::name)
        .filter(name -> name.contains("Storage"))
        .filter(name -> !name.startsWith("Storage Commitment") && !name.startsWith("Media Storage"))
        .isPresent();
  }
}
