package org.llavamed.annotator.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Builds the text objects of tests: a CT slice, until something else is said. */
final class Header {
  private final Map<Integer, String> values = new TreeMap<>();

  private Header() {}

  /** An object of study 1 and series 1.1 with the SOP Instance UID that is given. */
  static Header of(String sopUid) {
    return new Header()
        .set(Tags.STUDY_INSTANCE_UID, "1")
        .set(Tags.SERIES_INSTANCE_UID, "1.1")
        .set(Tags.SOP_INSTANCE_UID, sopUid)
        .set(Tags.MODALITY, "CT")
        .set(0x7FE00010, "pixels");
  }

  Header set(int tag, String value) {
    values.put(tag, value);
    return this;
  }

  Header without(int tag) {
    values.remove(tag);
    return this;
  }

  Header study(String uid) {
    return set(Tags.STUDY_INSTANCE_UID, uid);
  }

  Header series(String uid) {
    return set(Tags.SERIES_INSTANCE_UID, uid);
  }

  Header modality(String modality) {
    return set(Tags.MODALITY, modality);
  }

  Header number(int number) {
    return set(Tags.INSTANCE_NUMBER, Integer.toString(number));
  }

  Header frames(int frames) {
    return set(Tags.NUMBER_OF_FRAMES, Integer.toString(frames));
  }

  /** An axial slice at a height. */
  Header height(double millimetres) {
    return plane("1\\0\\0\\0\\1\\0", "10\\-20\\" + millimetres);
  }

  Header plane(String orientation, String position) {
    return set(Tags.IMAGE_ORIENTATION, orientation).set(Tags.IMAGE_POSITION, position);
  }

  TextObject object(Path file) {
    return new TextObject(file, values);
  }

  Path write(Path file) {
    var text = new StringBuilder(TextObject.MAGIC).append('\n');
    values.forEach((tag, value) -> text.append("%08X=%s\n".formatted(tag, value)));
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
