package org.llavamed.deidentify.internal;

import java.util.Set;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Tag;

/** Which UIDs name a kind of thing and stay, and what becomes of the others. */
record UidRule(Pseudonyms pseudonyms) {
  private static final Set<Integer> KINDS =
      Set.of(
          Tag.CodingSchemeUID,
          Tag.ContextUID,
          Tag.MappingResourceUID,
          Tag.ReferencedTransferSyntaxUIDInFile,
          Tag.MACCalculationTransferSyntaxUID,
          Tag.EncryptedContentTransferSyntaxUID,
          Tag.AvailableTransferSyntaxUID);

  /** Returns whether an attribute holds UIDs of classes, transfer syntaxes or coding schemes. */
  static boolean isClass(int tag) {
    return KINDS.contains(tag)
        || Dictionary.entry(tag)
            .filter(
                entry ->
                    entry.keyword().contains("ClassUID") || entry.keyword().contains("ClassesIn"))
            .isPresent();
  }

  /** Returns the new UID; the old one where PS3.6 registers it. */
  String replace(String uid) {
    return uid.isEmpty() || Dictionary.uid(uid).isPresent() ? uid : pseudonyms.uid(uid);
  }
}
