package org.llavamed.check.internal;

import org.jspecify.annotations.Nullable;
import org.llavamed.dicom.Dictionary;

/**
 * Where an attribute is. Put into words only when something is wrong there.
 *
 * @param tag the attribute
 * @param sequence the sequence that it stands in; null at the top
 * @param item its item of that sequence, from 1
 */
record Place(int tag, @Nullable Place sequence, int item) {
  static Place of(int tag) {
    return new Place(tag, null, 0);
  }

  /** Returns the place of an attribute of an item of this sequence, from 1. */
  Place attribute(int number, int child) {
    return new Place(child, this, number);
  }

  @Override
  public String toString() {
    String name = Dictionary.describe(tag);
    return sequence == null ? name : "%s item %d > %s".formatted(sequence, item, name);
  }
}
