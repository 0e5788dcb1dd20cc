package org.llavamed.check.internal;

import org.llavamed.dicom.Dictionary;

/**
 * Where an attribute is.
 *
 * @param text for people
 */
record Place(String text) {
  static Place of(int tag) {
    return new Place(Dictionary.describe(tag));
  }

  /** Returns the place of an item of this sequence, from 1. */
  Place item(int number) {
    return new Place(text + " item " + number);
  }

  /** Returns the place of an attribute of this item. */
  Place attribute(int tag) {
    return new Place(text + " > " + Dictionary.describe(tag));
  }

  @Override
  public String toString() {
    return text;
  }
}
