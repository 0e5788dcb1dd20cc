package org.llavamed.check.internal;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.Attributes;

/**
 * The attributes of modules by their types (PS3.5 section 7.4): 1 is there and has a value, 2 is
 * there, 1C has a value where it is there, and is there where its {@link Condition} is listed and
 * holds.
 */
public final class ModuleRules {
  /** An attribute of a module, with those of its items. */
  private static final class Node {
    private String type = "";
    private final Map<Integer, Node> items = new LinkedHashMap<>();
  }

  private static final Map<String, Node> MODULES = new HashMap<>();

  static {
    for (List<String> row : Resource.generated("modules.tsv")) {
      Node node = MODULES.computeIfAbsent(row.get(0), name -> new Node());
      String path = row.get(1).isEmpty() ? row.get(2) : row.get(1) + '.' + row.get(2);
      for (String keyword : path.split("\\.", -1)) {
        node = node.items.computeIfAbsent(tag(keyword), tag -> new Node());
      }
      node.type = row.get(3);
    }
  }

  private final Problems problems;

  /** Makes the rules; what breaks them is added to {@code problems}. */
  public ModuleRules(Problems problems) {
    this.problems = problems;
  }

  /** Returns the tag of an attribute that a table names. */
  static int tag(String keyword) {
    return Dictionary.byKeyword(keyword)
        .orElseThrow(() -> new IllegalStateException(keyword + " is no keyword of PS3.6"))
        .tag();
  }

  /** Checks the modules of an object; of those that are not mandatory what is there. */
  public void check(Attributes object, Iods.Iod iod) {
    iod.modules()
        .forEach(
            (module, mandatory) -> {
              Node node = MODULES.get(module);
              if (node != null) {
                String source = "PS3.3, module " + module;
                node.items.forEach(
                    (tag, item) -> {
                      if (mandatory) {
                        checkType(object, Place.of(tag), tag, item.type, source);
                      }
                      checkItems(object, Place.of(tag), tag, item, source);
                    });
              }
            });
  }

  private void checkItems(Attributes data, Place place, int tag, Node node, String source) {
    if (node.items.isEmpty()) {
      return;
    }
    int count = 0;
    for (Attributes item : data.items(tag)) {
      int number = ++count;
      node.items.forEach(
          (child, childNode) -> {
            Place within = place.attribute(number, child);
            checkType(item, within, child, childNode.type, source);
            checkItems(item, within, child, childNode, source);
          });
    }
  }

  private void checkType(Attributes data, Place place, int tag, String type, String source) {
    boolean there = data.contains(tag);
    if (!there && (type.equals("1") || type.equals("2"))) {
      problems.error(place.toString(), "is missing, it is of type " + type, source);
    } else if (there && type.startsWith("1") && isEmpty(data, tag)) {
      problems.error(place.toString(), "has no value, it is of type " + type, source);
    } else if (!there && type.equals("1C")) {
      Condition.of(tag)
          .filter(condition -> condition.holds(data))
          .ifPresent(
              condition ->
                  problems.error(
                      place.toString(),
                      "is missing, it is of type 1C and required where " + condition.description(),
                      condition.source()));
    }
  }

  /** Returns whether an attribute has no item, fragment or value that is more than blanks. */
  static boolean isEmpty(Attributes data, int tag) {
    boolean encapsulated = data instanceof DataSet dataSet && dataSet.hasFragments(tag);
    if (encapsulated || !data.items(tag).isEmpty()) {
      return false;
    }
    return data.bytes(tag).remaining() == 0
        || (data.vr(tag).flatMap(Vr::of).filter(Vr::isText).isPresent()
            && data.strings(tag).stream().allMatch(String::isBlank));
  }
}
