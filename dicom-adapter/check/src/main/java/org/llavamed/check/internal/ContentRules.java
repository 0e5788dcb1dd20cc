package org.llavamed.check.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.Attributes;

/** What holds for any content tree: value types, relationships, names, codes and values. */
public final class ContentRules {
  private static final String SECTION = "PS3.3 C.17.3";

  /** Relationships in which no item may stand for another. */
  private static final Set<String> BY_VALUE = Set.of("HAS OBS CONTEXT", "HAS CONCEPT MOD");

  /** What an item of a value type holds; the path leads from the item to an attribute. */
  private record Requirement(List<Integer> path, String type) {}

  private record ValueType(boolean named, List<Requirement> requirements) {}

  private static final Map<String, ValueType> VALUE_TYPES = new HashMap<>();

  static {
    for (List<String> row : Resource.written("valuetypes.txt")) {
      List<Requirement> requirements = new ArrayList<>();
      for (String requirement : row.get(2).split(",", -1)) {
        List<String> words = Resource.words(requirement);
        List<Integer> path = new ArrayList<>();
        for (String keyword : words.get(0).split("\\.", -1)) {
          path.add(Dictionary.byKeyword(keyword).orElseThrow().tag());
        }
        requirements.add(new Requirement(path, words.get(1)));
      }
      VALUE_TYPES.put(row.get(0), new ValueType(row.get(1).equals("yes"), requirements));
    }
  }

  private final Relationships rules;
  private final Problems problems;

  /** Makes the rules of an IOD. */
  public ContentRules(Relationships rules, Problems problems) {
    this.rules = rules;
    this.problems = problems;
  }

  /** Checks the tree below a root, and the root. */
  public void check(Item root) {
    root.forEach(this::checkItem);
    root.forEach(new Graphics(problems)::check);
    new Quantities(problems).check(root);
    new Tracking(problems).check(root);
  }

  private void checkItem(Item item) {
    item.parent().ifPresentOrElse(parent -> checkRelationship(item, parent), () -> checkRoot(item));
    if (item.isReference()) {
      checkReference(item);
      return;
    }
    String type = item.valueType();
    ValueType valueType = VALUE_TYPES.get(type);
    if (type.isEmpty()) {
      error(item, "has no Value Type (0040,A040)");
    } else if (valueType == null || !rules.hasValueType(type)) {
      problems.error(
          item.place(),
          "has Value Type (0040,A040) %s, which %s does not have"
              .formatted(Problems.quote(type), rules.name()),
          rules.section());
    } else {
      checkName(item, valueType);
      valueType.requirements().forEach(r -> checkRequirement(item, item.data(), r, 0));
      checkCode(item, item.data(), Tag.ConceptCodeSequence);
      checkMeasuredValues(item, item.data().items(Tag.MeasuredValueSequence));
    }
  }

  private void checkMeasuredValues(Item item, List<? extends Attributes> values) {
    if (values.size() > 1) {
      error(
          item,
          "has %d items of %s, expected at most one"
              .formatted(values.size(), Dictionary.describe(Tag.MeasuredValueSequence)));
    }
    values.forEach(value -> checkCode(item, value, Tag.MeasurementUnitsCodeSequence));
  }

  private void checkRoot(Item root) {
    if (!root.valueType().equals("CONTAINER")) {
      error(root, "is the root and of type %s, expected CONTAINER".formatted(quoted(root)));
    }
    if (!root.relationship().isEmpty()) {
      error(root, "is the root and has a Relationship Type (0040,A010)");
    }
    if (root.name().isEmpty()) {
      error(root, "is the root and has no Concept Name Code Sequence (0040,A043), the title");
    }
  }

  private static String quoted(Item item) {
    return Problems.quote(item.valueType());
  }

  private void checkRelationship(Item item, Item parent) {
    String relationship = item.relationship();
    if (relationship.isEmpty()) {
      error(item, "has no Relationship Type (0040,A010)");
      return;
    }
    boolean known =
        VALUE_TYPES.containsKey(item.valueType()) && VALUE_TYPES.containsKey(parent.valueType());
    if (known && !rules.allows(parent.valueType(), relationship, item.valueType())) {
      problems.error(
          item.place(),
          "is %s in the relationship %s with its parent %s, which %s does not allow"
              .formatted(item.valueType(), relationship, parent.valueType(), rules.name()),
          rules.section());
    }
  }

  private void checkReference(Item item) {
    if (!rules.byReference()) {
      problems.error(
          item.place(),
          "stands for another item, which %s does not allow".formatted(rules.name()),
          rules.section());
    } else if (item.target().isEmpty()) {
      error(item, "refers to a content item that is not in the tree");
    } else if (item.target().filter(item::isBelow).isPresent()) {
      error(item, "refers to an item that it is below, expected one that is not its ancestor");
    } else if (BY_VALUE.contains(item.relationship())
        || (item.relationship().equals("CONTAINS") && item.valueType().equals("CONTAINER"))) {
      problems.error(
          item.place(),
          "stands for another item (%s) in the relationship %s, which is by value only"
              .formatted(item.valueType(), item.relationship()),
          rules.section());
    }
  }

  private void checkName(Item item, ValueType valueType) {
    if (item.name().isEmpty() && item.parent().isPresent() && valueType.named()) {
      error(item, "is %s without Concept Name Code Sequence (0040,A043)".formatted(quoted(item)));
    }
    checkCode(item, item.data(), Tag.ConceptNameCodeSequence);
  }

  /** A code has one item with value, scheme and meaning (PS3.3 section 8.8). */
  private void checkCode(Item item, Attributes data, int sequence) {
    List<? extends Attributes> items = data.items(sequence);
    if (items.isEmpty()) {
      return;
    }
    Term term = Term.of(items.get(0));
    boolean urn = items.get(0).string(Tag.URNCodeValue).isPresent();
    Optional<String> lack =
        items.size() > 1
            ? Optional.of("%d items, expected one".formatted(items.size()))
            : term.value().isEmpty()
                ? Optional.of("no Code Value (0008,0100)")
                : term.scheme().isEmpty() && !urn
                    ? Optional.of("no Coding Scheme Designator (0008,0102)")
                    : term.meaning().isEmpty()
                        ? Optional.of("no Code Meaning (0008,0104)")
                        : Optional.empty();
    lack.ifPresent(
        found ->
            problems.error(
                item.place(),
                "%s has %s".formatted(Dictionary.describe(sequence), found),
                "PS3.3 8.8"));
  }

  private void checkRequirement(Item item, Attributes data, Requirement requirement, int depth) {
    int tag = requirement.path().get(depth);
    if (depth + 1 < requirement.path().size()) {
      data.items(tag).forEach(inner -> checkRequirement(item, inner, requirement, depth + 1));
    } else if (!data.contains(tag)
        || (requirement.type().equals("1") && ModuleRules.isEmpty(data, tag))) {
      error(
          item,
          "is %s without %s, which is of type %s"
              .formatted(quoted(item), Dictionary.describe(tag), requirement.type()));
    }
  }

  private void error(Item item, String sentence) {
    problems.error(item.place(), sentence, SECTION);
  }
}
