package org.llavamed.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;

/**
 * A content tree that is changed in place.
 *
 * @param item a content item, with those below it
 */
record Tree(DataSet item) {
  Tree root() {
    return this;
  }

  private List<DataSet> items() {
    return item.items(Tag.ContentSequence);
  }

  private static boolean isNamed(DataSet child, String code) {
    return child.items(Tag.ConceptNameCodeSequence).stream()
        .anyMatch(name -> name.string(Tag.CodeValue).filter(code::equals).isPresent());
  }

  /** Returns the first item below this one whose concept name has this code value. */
  Tree find(String code) {
    return search(code)
        .orElseThrow(() -> new IllegalArgumentException("no content item is named " + code));
  }

  private Optional<Tree> search(String code) {
    return items().stream()
        .flatMap(
            child ->
                (isNamed(child, code) ? Optional.of(new Tree(child)) : new Tree(child).search(code))
                    .stream())
        .findFirst();
  }

  Tree child(int index) {
    return new Tree(items().get(index));
  }

  /** Removes the first item below this one whose concept name has this code value. */
  void remove(String code) {
    if (!removed(code)) {
      throw new IllegalArgumentException("no content item is named " + code);
    }
  }

  private boolean removed(String code) {
    List<DataSet> children = new ArrayList<>(items());
    for (int i = 0; i < children.size(); i++) {
      if (isNamed(children.get(i), code)) {
        children.remove(i);
        put(children);
        return true;
      }
      if (new Tree(children.get(i)).removed(code)) {
        return true;
      }
    }
    return false;
  }

  void removeLast() {
    put(items().subList(0, items().size() - 1));
  }

  /** Takes the first child to the end. */
  void rotate() {
    List<DataSet> children = new ArrayList<>(items());
    children.add(children.remove(0));
    put(children);
  }

  void clear() {
    put(List.of());
  }

  void add(DataSet child) {
    List<DataSet> children = new ArrayList<>(items());
    children.add(child);
    put(children);
  }

  private void put(List<DataSet> children) {
    if (children.isEmpty()) {
      item.remove(Tag.ContentSequence);
    } else {
      item.putItems(Tag.ContentSequence, children);
    }
  }

  void relate(String relationship) {
    item.putString(Tag.RelationshipType, Vr.CS, relationship);
  }

  void rename(String value, String scheme, String meaning) {
    item.putItems(Tag.ConceptNameCodeSequence, term(value, scheme, meaning));
  }

  void code(String value, String scheme, String meaning) {
    item.putItems(Tag.ConceptCodeSequence, term(value, scheme, meaning));
  }

  void uid(Tree other) {
    item.copyFrom(other.item, Tag.UID);
  }

  void unit(String ucum) {
    item.items(Tag.MeasuredValueSequence)
        .get(0)
        .putItems(Tag.MeasurementUnitsCodeSequence, term(ucum, "UCUM", ucum));
  }

  /** Gives the item another type and value; the old value goes. */
  void become(String valueType, int tag, Vr vr, String value) {
    for (int old : List.of(Tag.UID, Tag.PersonName, Tag.ConceptCodeSequence, Tag.TextValue)) {
      item.remove(old);
    }
    item.putString(Tag.ValueType, Vr.CS, valueType).putString(tag, vr, value);
  }

  private static DataSet term(String value, String scheme, String meaning) {
    return new DataSet()
        .putString(Tag.CodeValue, Vr.SH, value)
        .putString(Tag.CodingSchemeDesignator, Vr.SH, scheme)
        .putString(Tag.CodeMeaning, Vr.LO, meaning);
  }

  private static DataSet item(String relationship, String valueType, DataSet name) {
    return new DataSet()
        .putString(Tag.RelationshipType, Vr.CS, relationship)
        .putString(Tag.ValueType, Vr.CS, valueType)
        .putItems(Tag.ConceptNameCodeSequence, name);
  }

  static DataSet text(String relationship, String code, String meaning, String text) {
    return item(relationship, "TEXT", term(code, "DCM", meaning))
        .putString(Tag.TextValue, Vr.UT, text);
  }

  static DataSet code(String relationship, String code, String meaning, String value) {
    return code(relationship, code, "DCM", meaning, value);
  }

  static DataSet code(
      String relationship, String code, String scheme, String meaning, String value) {
    return item(relationship, "CODE", term(code, scheme, meaning))
        .putItems(Tag.ConceptCodeSequence, term(value, "ISO3166_1", value));
  }

  /** Returns an item that stands for another one of the tree. */
  static DataSet reference(String relationship, long... path) {
    return new DataSet()
        .putString(Tag.RelationshipType, Vr.CS, relationship)
        .putInts(Tag.ReferencedContentItemIdentifier, Vr.UL, path);
  }

  /** Returns an item that refers to the picture that a region of the tree is selected from. */
  static DataSet image(String code, String meaning, Tree tree) {
    return item("CONTAINS", "IMAGE", term(code, "DCM", meaning))
        .copyFrom(tree.find("111030").child(0).item(), Tag.ReferencedSOPSequence);
  }
}
