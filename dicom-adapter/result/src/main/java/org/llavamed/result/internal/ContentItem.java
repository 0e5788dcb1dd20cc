package org.llavamed.result.internal;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.annotation.Code;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;

/**
 * An item of a document's content tree (PS3.3 section C.17.3).
 *
 * @param relationship to the parent
 * @param name concept name; empty for pictures only
 * @param value what the item says
 * @param children in the order of the document
 */
record ContentItem(
    Relationship relationship, Optional<Code> name, Value value, List<ContentItem> children) {
  /** Relationship Type (0040,A010). */
  enum Relationship {
    CONTAINS("CONTAINS"),
    HAS_OBS_CONTEXT("HAS OBS CONTEXT"),
    HAS_CONCEPT_MOD("HAS CONCEPT MOD"),
    HAS_ACQ_CONTEXT("HAS ACQ CONTEXT"),
    INFERRED_FROM("INFERRED FROM");

    private final String term;

    Relationship(String term) {
      this.term = term;
    }

    /** Returns the term of the standard. */
    String term() {
      return term;
    }
  }

  /** What an item says, by Value Type (0040,A040). */
  sealed interface Value {
    /** A heading; its children are SEPARATE, since viewers lose the names of CONTINUOUS ones. */
    record Container() implements Value {}

    /** Text, not empty. */
    record Text(String text) implements Value {}

    /** A coded term. */
    record Coded(Code code) implements Value {}

    /** A number in percent, as Decimal String. */
    record Percent(String number) implements Value {}

    /** A UID. */
    record Uid(String uid) implements Value {}

    /** A picture, or another object that has pixels. */
    record Image(PictureReference picture) implements Value {}
  }

  ContentItem {
    children = List.copyOf(children);
  }

  static ContentItem container(Code name, List<ContentItem> children) {
    return new ContentItem(
        Relationship.CONTAINS, Optional.of(name), new Value.Container(), children);
  }

  static ContentItem text(Relationship relationship, Code name, String text) {
    return item(relationship, name, new Value.Text(text));
  }

  static ContentItem code(Relationship relationship, Code name, Code value) {
    return item(relationship, name, new Value.Coded(value));
  }

  static ContentItem uid(Relationship relationship, Code name, String uid) {
    return item(relationship, name, new Value.Uid(uid));
  }

  static ContentItem percent(Code name, String number) {
    return item(Relationship.CONTAINS, name, new Value.Percent(number));
  }

  static ContentItem image(
      Relationship relationship, @Nullable Code name, PictureReference picture) {
    return new ContentItem(
        relationship, Optional.ofNullable(name), new Value.Image(picture), List.of());
  }

  private static ContentItem item(Relationship relationship, Code name, Value value) {
    return new ContentItem(relationship, Optional.of(name), value, List.of());
  }

  /** Returns the item with other children. */
  ContentItem with(List<ContentItem> others) {
    return new ContentItem(relationship, name, value, others);
  }

  /** Returns the item as an item of Content Sequence (0040,A730), with its children. */
  DataSet encode() {
    DataSet item = new DataSet().putString(Tag.RelationshipType, Vr.CS, relationship.term());
    putInto(item);
    return item;
  }

  /** Puts name, value and children into a data set; the root's are attributes of the object. */
  void putInto(DataSet item) {
    name.ifPresent(code -> item.putItems(Tag.ConceptNameCodeSequence, code(code)));
    if (value instanceof Value.Container) {
      item.putString(Tag.ValueType, Vr.CS, "CONTAINER");
      item.putString(Tag.ContinuityOfContent, Vr.CS, "SEPARATE");
    } else if (value instanceof Value.Text text) {
      item.putString(Tag.ValueType, Vr.CS, "TEXT");
      item.putString(Tag.TextValue, Vr.UT, text.text());
    } else if (value instanceof Value.Coded coded) {
      item.putString(Tag.ValueType, Vr.CS, "CODE");
      item.putItems(Tag.ConceptCodeSequence, code(coded.code()));
    } else if (value instanceof Value.Percent percent) {
      item.putString(Tag.ValueType, Vr.CS, "NUM");
      item.putItems(Tag.MeasuredValueSequence, measured(percent.number()));
    } else if (value instanceof Value.Uid uid) {
      item.putString(Tag.ValueType, Vr.CS, "UIDREF");
      item.putString(Tag.UID, Vr.UI, uid.uid());
    } else if (value instanceof Value.Image image) {
      item.putString(Tag.ValueType, Vr.CS, image.picture().isImage() ? "IMAGE" : "COMPOSITE");
      item.putItems(Tag.ReferencedSOPSequence, image.picture().item());
    }
    if (!children.isEmpty()) {
      item.putItems(Tag.ContentSequence, children.stream().map(ContentItem::encode).toList());
    }
  }

  private static DataSet measured(String number) {
    return new DataSet()
        .putString(Tag.NumericValue, Vr.DS, number)
        .putItems(Tag.MeasurementUnitsCodeSequence, code(Concepts.PERCENT));
  }

  /** Returns an item of a code sequence (PS3.3 section 8.8). */
  static DataSet code(Code code) {
    return new DataSet()
        .putString(Tag.CodeValue, Vr.SH, code.value())
        .putString(Tag.CodingSchemeDesignator, Vr.SH, code.scheme())
        .putString(Tag.CodeMeaning, Vr.LO, code.meaning());
  }
}
