package org.llavamed.deidentify.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Vr;

/**
 * PS3.15 table E.3.10-1: private attributes that are known to be harmless. One stays where its
 * creator, tag and value representation (or UN) are those of the table and its value suits that;
 * text is cleaned word by word.
 */
record SafePrivate(Words words, UnaryOperator<DataSet> items) {
  private static final Map<String, Vr> TABLE = new HashMap<>();

  static {
    Resources.rows("safe-private.tsv").stream().skip(1).forEach(SafePrivate::add);
  }

  private static void add(List<String> row) {
    int group = Integer.parseInt(row.get(1), 16);
    int element = Integer.parseInt(row.get(2), 16);
    Vr vr =
        Vr.of(row.get(3))
            .orElseThrow(() -> new IllegalArgumentException(row + " names no representation"));
    TABLE.put(key(row.get(0), group, element), vr);
  }

  private static String key(String creator, int group, int element) {
    return creator + '\t' + group + '\t' + element;
  }

  /** Copies the safe private attributes of one level, with their creators. */
  void copy(DataSet source, DataSet target) {
    for (int tag : source.tags()) {
      int group = tag >>> 16;
      int block = (tag >>> 8) & 0xFF;
      if ((group & 1) == 0 || block < 0x10) {
        continue;
      }
      int creatorTag = (group << 16) | block;
      String creator = source.string(creatorTag).orElse("");
      Vr vr = TABLE.get(key(creator, group, tag & 0xFF));
      if (vr != null && copy(source, tag, vr, target)) {
        target.putString(creatorTag, Vr.LO, creator);
      }
    }
  }

  private boolean copy(DataSet source, int tag, Vr vr, DataSet target) {
    Vr found = Representations.found(source, tag);
    if (found != vr && (found != Vr.UN || vr == Vr.SQ)) {
      return false;
    }
    if (vr == Vr.SQ) {
      target.putItems(tag, source.items(tag).stream().map(items).toList());
      return true;
    }
    DataSet typed = new DataSet().putBytes(tag, vr, source.bytes(tag));
    if (!vr.isText()) {
      boolean whole = source.bytes(tag).remaining() % vr.size() == 0;
      return whole && target.copyFrom(typed, tag).contains(tag);
    }
    List<String> values = values(typed.strings(tag), vr);
    if (values == null) {
      return false;
    }
    target.putString(tag, vr, values);
    return true;
  }

  /** Returns the values as they may stay; null where one may not. */
  private @Nullable List<String> values(List<String> values, Vr vr) {
    List<String> clean = new ArrayList<>();
    for (String value : values) {
      String text = vr.isCodedText() ? words.clean(value, vr) : value;
      boolean bad = vr.problem(text).isPresent() || words.names(text);
      if (bad || (text.isEmpty() && !value.isEmpty())) {
        return null;
      }
      clean.add(text);
    }
    return clean;
  }
}
