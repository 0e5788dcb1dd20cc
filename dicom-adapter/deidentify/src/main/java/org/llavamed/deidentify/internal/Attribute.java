package org.llavamed.deidentify.internal;

import java.util.List;
import org.llavamed.deidentify.internal.Cleaner.Mode;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Vr;

/**
 * One attribute on its way.
 *
 * @param source where it is
 * @param target where what stays of it goes
 * @param mode how it is treated where no table names it
 */
record Attribute(DataSet source, int tag, DataSet target, Mode mode) {
  /** Returns the value representation of PS3.6. */
  Vr vr() {
    return Representations.known(source, tag);
  }

  /** Returns whether it may be kept with the value representation that it has. */
  boolean suits() {
    return Representations.suits(source, tag);
  }

  /** Returns whether there is nothing to hide. */
  boolean isEmpty() {
    return !source.bytes(tag).hasRemaining() && source.items(tag).isEmpty();
  }

  List<String> strings() {
    return source.strings(tag);
  }

  void keep() {
    target.copyFrom(source, tag);
  }

  void putEmpty() {
    target.putEmpty(tag, vr());
  }

  /** Puts text; returns false where there is none, or none of the right form. */
  boolean put(List<String> values) {
    Vr vr = vr();
    List<String> put = vr.isMultiValued() ? values : List.of(String.join(" ", values));
    if (values.isEmpty() || put.stream().anyMatch(value -> vr.problem(value).isPresent())) {
      return false;
    }
    target.putString(tag, vr, put);
    return true;
  }
}
