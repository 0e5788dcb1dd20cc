package org.llavamed.check.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.llavamed.check.internal.Scope.Candidate;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.Attributes;

/**
 * Holds a content tree against the template that it follows. Each child of an item is given to the
 * row that names its concept, else to one for any name; then rows are counted.
 */
public final class TemplateRules {
  private static final String MEASUREMENT_REPORT = "1500";
  private static final String MAPPING_RESOURCE = "DCMR";

  private final Problems problems;

  /** Makes the rules. */
  public TemplateRules(Problems problems) {
    this.problems = problems;
  }

  /**
   * Checks a document.
   *
   * @param fixed number of the template that the IOD fixes; empty where there is none
   */
  public void check(Item root, String fixed) {
    String told = told(root);
    String expected = fixed;
    if (root.name()
        .filter(Template.require(MEASUREMENT_REPORT).rows().get(0).concept()::matches)
        .isPresent()) {
      expected = MEASUREMENT_REPORT;
    }
    if (!expected.isEmpty() && !told.equals(expected)) {
      problems.error(
          root.place(),
          "follows %s, its title belongs to TID %s of DCMR"
              .formatted(told.isEmpty() ? "no template" : "template " + told, expected),
          "PS3.16 TID " + expected);
    }
    Optional<Template> template = Template.of(expected.isEmpty() ? told : expected);
    if (template.isPresent()) {
      checkRoot(root, template.get().rows().get(0));
    } else if (told.isEmpty()) {
      root.forEach(this::checkNameForReaders);
    } else {
      problems.warning(
          root.place(),
          "follows template %s, which is not known here: only general rules were checked"
              .formatted(told),
          "PS3.16 annex A");
    }
  }

  /** Returns Template Identifier (0040,DB00), with the resource where it is not of PS3.16. */
  private static String told(Item root) {
    List<? extends Attributes> templates = root.data().items(Tag.ContentTemplateSequence);
    if (templates.isEmpty()) {
      return "";
    }
    String resource = templates.get(0).string(Tag.MappingResource).orElse("");
    String identifier = templates.get(0).string(Tag.TemplateIdentifier).orElse("");
    return resource.equals(MAPPING_RESOURCE) ? identifier : identifier + " of " + resource;
  }

  /** No rule of the standard, but viewers fail to show what has no name. */
  private void checkNameForReaders(Item item) {
    if (item.relationship().equals("CONTAINS") && item.name().isEmpty()) {
      problems.warning(
          item.place(),
          "is contained without Concept Name Code Sequence (0040,A043): some viewers show nothing then",
          "PS3.3 C.17.3");
    }
  }

  private void checkRoot(Item root, Row row) {
    if (root.name().filter(row.concept()::matches).isEmpty()) {
      checkTitle(root, row);
    }
    checkChildren(root, row);
  }

  private void checkTitle(Item root, Row row) {
    String sentence = "has a title that is not %s".formatted(row.concept());
    if (root.name().isPresent() && row.concept().isExtensible()) {
      problems.warning(root.place(), sentence + ", though that may be extended", row.source());
    } else {
      problems.error(root.place(), sentence, row.source());
    }
  }

  private void checkChildren(Item parent, Row row) {
    if (row.children().isEmpty() && Template.require(row.template()).extensible()) {
      return;
    }
    Scope scope = new Scope(row.children(), "", false);
    Map<Item, Match> found = new LinkedHashMap<>();
    for (Item child : parent.children()) {
      match(scope.candidates(child), child)
          .ifPresentOrElse(
              match -> {
                match.candidate().scope().match(match.candidate().row(), child);
                found.put(child, match);
              },
              () -> checkExtension(child, row));
    }
    checkOrder(parent, row, scope, found);
    verify(parent, scope);
    found.forEach(this::checkItem);
  }

  /**
   * The row that an item was given to.
   *
   * @param doubtful whether a row for any name would have taken it too
   */
  private record Match(Candidate candidate, boolean doubtful) {}

  private static Optional<Match> match(List<Candidate> candidates, Item item) {
    Optional<Candidate> any = first(candidates, c -> c.row().concept().isAny() && c.fits(item));
    return first(candidates, c -> c.isNamed(item) && c.fits(item))
        .or(() -> first(candidates, c -> c.isNamed(item) && c.isOfType(item)))
        .or(() -> first(candidates, c -> c.isNamed(item)))
        .or(() -> any)
        .map(candidate -> new Match(candidate, any.isPresent()));
  }

  private static Optional<Candidate> first(List<Candidate> list, Predicate<Candidate> test) {
    return list.stream().filter(test).findFirst();
  }

  private void checkExtension(Item item, Row parent) {
    if (!Template.require(parent.template()).extensible()) {
      problems.error(
          item.place(),
          "is no item of TID %s, which may not be extended".formatted(parent.template()),
          "PS3.16 TID " + parent.template());
    }
  }

  private void checkItem(Item item, Match match) {
    Candidate candidate = match.candidate();
    Row row = candidate.row();
    if (!candidate.isOfType(item)) {
      checkType(item, match);
      return;
    }
    if (!candidate.relationship().equals(item.relationship())) {
      problems.error(
          item.place(),
          "has relationship %s with its parent, expected %s"
              .formatted(Problems.quote(item.relationship()), candidate.relationship()),
          row.source());
    }
    if (!item.isReference()) {
      new ValueSets(problems).check(item, row);
      checkChildren(item, row);
    }
  }

  /** Of another type, the item may be one of any name in the same relationship. */
  private void checkType(Item item, Match match) {
    Row row = match.candidate().row();
    String sentence = "is %s, expected %s".formatted(item.valueType(), row.description());
    if (match.doubtful() && match.candidate().relationship().equals(item.relationship())) {
      problems.warning(item.place(), sentence + ", unless it is an item of any name", row.source());
    } else {
      problems.error(item.place(), sentence, row.source());
    }
  }

  /** Counts the items of each row. */
  private void verify(Item parent, Scope scope) {
    for (Row row : scope.rows()) {
      boolean used = scope.isUsed(row);
      boolean holds = scope.holds(row);
      boolean required = row.requirement().startsWith("M") && holds;
      boolean forbidden = row.requirement().matches("MX|UC") && !holds;
      if (used && forbidden) {
        problems.error(
            parent.place(),
            "has %s, which is not allowed: condition of the row '%s'"
                .formatted(row.description(), conditions(row)),
            row.source());
      }
      if (row.isInclude()) {
        if (used || required) {
          verify(parent, scope.included(row));
        }
      } else {
        count(parent, scope, row, required);
      }
    }
  }

  private void count(Item parent, Scope scope, Row row, boolean required) {
    List<Item> items = scope.matches(row);
    if (items.isEmpty() && required) {
      problems.error(
          parent.place(), "has no " + row.description() + ", which is mandatory", row.source());
    }
    if (items.size() > scope.most(row)) {
      problems.error(
          items.get(scope.most(row)).place(),
          "is item %d %s, expected at most %d"
              .formatted(items.size(), row.description(), scope.most(row)),
          row.source());
    }
  }

  private static String conditions(Row row) {
    List<String> texts = new ArrayList<>();
    row.conditions().forEach(c -> texts.add(c.kind() + " " + String.join(" ", c.words())));
    return String.join("; ", texts);
  }

  private void checkOrder(Item parent, Row row, Scope scope, Map<Item, Match> found) {
    if (!Template.require(row.template()).ordered()) {
      return;
    }
    int reached = 0;
    for (Item child : parent.children()) {
      Match match = found.get(child);
      if (match != null) {
        Candidate candidate = match.candidate();
        int position = scope.position(candidate);
        if (position < reached) {
          problems.error(
              child.place(),
              "stands behind items of row %s, the order is significant"
                  .formatted(scope.rows().get(reached).number()),
              candidate.row().source());
          return;
        }
        reached = position;
      }
    }
  }
}
