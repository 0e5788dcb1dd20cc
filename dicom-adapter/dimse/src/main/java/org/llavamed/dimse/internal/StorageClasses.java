package org.llavamed.dimse.internal;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Uids;

/** Which SOP classes store composite objects (PS3.4 annex B.5). */
final class StorageClasses {
  private static final String ROOT = "1.2.840.10008.5.1.4.1.1.";

  /** Branches below the root that are left out where not all classes fit: rarely seen ones. */
  private static final Set<Integer> RARE =
      Set.of(14, 68, 78, 79, 80, 81, 82, 90, 91, 200, 501, 601);

  private static final int RT = 481;
  private static final int FIRST_RARE_RT = 10;

  /** What a peer may choose from for objects that it sends: as they are, or uncompressed. */
  private static final List<String> SYNTAXES =
      List.of(
          Uids.ExplicitVRLittleEndian,
          Uids.ImplicitVRLittleEndian,
          Uids.EncapsulatedUncompressedExplicitVRLittleEndian,
          Uids.DeflatedExplicitVRLittleEndian,
          Uids.DeflatedImageFrameCompression,
          Uids.RLELossless,
          Uids.JPEGLosslessSV1,
          Uids.JPEGLossless,
          Uids.JPEGLSLossless,
          Uids.JPEG2000Lossless,
          Uids.HTJ2KLossless,
          Uids.HTJ2KLosslessRPCL,
          Uids.JPEGXLLossless,
          Uids.JPEGLSNearLossless,
          Uids.JPEG2000,
          Uids.HTJ2K,
          Uids.JPEGBaseline8Bit,
          Uids.JPEGExtended12Bit,
          Uids.JPEGSpectralSelectionNonHierarchical68,
          Uids.JPEGFullProgressionNonHierarchical1012,
          Uids.JPEGXLJPEGRecompression,
          Uids.JPEGXL,
          Uids.MPEG2MPML,
          Uids.MPEG2MPHL,
          Uids.MPEG4HP41,
          Uids.MPEG4HP41BD,
          Uids.MPEG4HP422D,
          Uids.MPEG4HP423D,
          Uids.MPEG4HP42STEREO,
          Uids.HEVCMP51,
          Uids.HEVCM10P51,
          Uids.ExplicitVRBigEndian);

  private static final List<String> USUAL =
      List.of(
          Uids.ExplicitVRLittleEndian,
          Uids.ImplicitVRLittleEndian,
          Uids.JPEGLosslessSV1,
          Uids.JPEG2000Lossless,
          Uids.JPEGBaseline8Bit,
          Uids.RLELossless,
          Uids.JPEGLSLossless,
          Uids.JPEG2000,
          Uids.JPEGExtended12Bit);

  private StorageClasses() {}

  /** Returns whether a SOP class is one of storage, retired ones too, by its name in PS3.6. */
  static boolean isStorage(String sopClassUid) {
    return Dictionary.uid(sopClassUid).filter(StorageClasses::isStorage).isPresent();
  }

  /** Returns whether a SOP class is one of storage, or one that PS3.6 does not name. */
  static boolean mayBeStorage(String sopClassUid) {
    return Dictionary.uid(sopClassUid).isEmpty() || isStorage(sopClassUid);
  }

  private static boolean isStorage(Dictionary.Uid uid) {
    return uid.type().equals("SOP Class")
        && uid.name().contains("Storage")
        && !uid.name().startsWith("Storage Commitment")
        && !uid.name().startsWith("Media Storage");
  }

  /** Returns the transfer syntaxes in which we fetch, uncompressed ones first. */
  static List<String> transferSyntaxes() {
    return SYNTAXES;
  }

  /** Returns those of them in which archives hold nearly all that they have, uncompressed first. */
  static List<String> usualTransferSyntaxes() {
    return USUAL;
  }

  /** Returns the classes that are proposed where not all fit into an association. */
  static List<String> common(int most) {
    return Dictionary.currentUids("SOP Class").stream()
        .filter(StorageClasses::isStorage)
        .map(Dictionary.Uid::uid)
        .filter(uid -> uid.startsWith(ROOT))
        .sorted(Comparator.comparing(StorageClasses::isRare))
        .limit(most)
        .toList();
  }

  private static boolean isRare(String uid) {
    String[] branch = uid.substring(ROOT.length()).split("\\.", -1);
    int first = Integer.parseInt(branch[0]);
    return RARE.contains(first)
        || (first == RT && branch.length > 1 && Integer.parseInt(branch[1]) >= FIRST_RARE_RT);
  }
}
