package org.llavamed.check.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.Attributes;

/** An item of a content tree (PS3.3 C.17.3), with those below it. */
public final class Item {
  private final Attributes data;
  private final @Nullable Item parent;
  private final String number;
  private final String relationship;
  private final String valueType;
  private final Optional<Term> name;
  private final boolean reference;
  private final List<Item> children = new ArrayList<>();
  private @Nullable Item target;

  private Item(Attributes data, @Nullable Item parent, String number) {
    this.data = data;
    this.parent = parent;
    this.number = number;
    this.relationship = data.string(Tag.RelationshipType).orElse("");
    this.valueType = data.string(Tag.ValueType).orElse("");
    this.name = Term.of(data, Tag.ConceptNameCodeSequence);
    this.reference = data.contains(Tag.ReferencedContentItemIdentifier);
    for (Attributes child : data.items(Tag.ContentSequence)) {
      children.add(new Item(child, this, number + '.' + (children.size() + 1)));
    }
  }

  /** Returns the root of a document, with the tree below it. */
  public static Item root(Attributes document) {
    Item root = new Item(document, null, "1");
    root.forEach(item -> item.target = item.reference ? root.find(item.data) : null);
    return root;
  }

  Attributes data() {
    return data;
  }

  Optional<Item> parent() {
    return Optional.ofNullable(parent);
  }

  List<Item> children() {
    return children;
  }

  /** Does something with this item and all below it, parents first. */
  void forEach(Consumer<Item> action) {
    action.accept(this);
    children.forEach(child -> child.forEach(action));
  }

  /** Returns Relationship Type (0040,A010); empty where it is missing, and of the root. */
  String relationship() {
    return relationship;
  }

  /** Returns Value Type (0040,A040), by reference that of the target; empty where it is missing. */
  String valueType() {
    return reference ? target().map(Item::valueType).orElse("") : valueType;
  }

  /** Returns the concept name, by reference that of the target. */
  Optional<Term> name() {
    return reference ? target().flatMap(Item::name) : name;
  }

  /** Returns the code of an item of type CODE. */
  Optional<Term> code() {
    return Term.of(data, Tag.ConceptCodeSequence);
  }

  /** Returns whether the item stands for another one of the tree. */
  boolean isReference() {
    return reference;
  }

  /** Returns what an item by reference stands for, where that is an item by value. */
  Optional<Item> target() {
    return Optional.ofNullable(target);
  }

  /** Returns whether another item is the parent, or above it. */
  boolean isBelow(Item other) {
    Item above = parent;
    while (above != null && above != other) {
      above = above.parent;
    }
    return above != null;
  }

  /** Returns the item by value below this root to which an item refers. */
  private @Nullable Item find(Attributes referring) {
    List<Double> path = referring.numbers(Tag.ReferencedContentItemIdentifier);
    if (path.isEmpty() || path.get(0) != 1) {
      return null;
    }
    Item item = this;
    for (double position : path.subList(1, path.size())) {
      if (!(position >= 1 && position <= item.children.size())) {
        return null;
      }
      item = item.children.get((int) position - 1);
    }
    return item.isReference() ? null : item;
  }

  /** Returns where the item is: its numbers from the root, as references count, and its name. */
  String place() {
    String meaning = name().map(Term::meaning).orElse("");
    return meaning.isEmpty()
        ? "content item " + number
        : "content item %s %s".formatted(number, Problems.quote(meaning));
  }
}
