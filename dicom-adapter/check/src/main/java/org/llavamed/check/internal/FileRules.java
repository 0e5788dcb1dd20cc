package org.llavamed.check.internal;

import java.util.Optional;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Part10Object;
import org.llavamed.dicom.Tag;

/**
 * What holds for the file of an object: all of it is readable, and its meta information is true.
 */
public final class FileRules {
  private final Problems problems;

  /** Makes the rules. */
  public FileRules(Problems problems) {
    this.problems = problems;
  }

  /** Checks the file of an object. */
  public void check(Part10Object object) {
    object.leftOut().ifPresent(found -> problems.error("file", found, "PS3.10 7"));
    checkSame(object, Tag.MediaStorageSOPClassUID, Tag.SOPClassUID);
    checkSame(object, Tag.MediaStorageSOPInstanceUID, Tag.SOPInstanceUID);
  }

  private void checkSame(Part10Object object, int metaTag, int tag) {
    Optional<String> meta = object.fileMeta().string(metaTag);
    Optional<String> own = object.attributes().string(tag);
    if (meta.isPresent() && own.isPresent() && !meta.equals(own)) {
      problems.error(
          Dictionary.describe(metaTag),
          "is %s, expected %s as %s"
              .formatted(
                  Problems.quote(meta.get()), Problems.quote(own.get()), Dictionary.describe(tag)),
          "PS3.10 7.1");
    }
  }
}
