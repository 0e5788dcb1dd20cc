package org.llavamed.check.internal;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Tag;

/** Spatial coordinates: which graphic types there are, and how many numbers each has. */
final class Graphics {
  private static final Map<String, Map<String, String>> MULTIPLICITIES = new HashMap<>();

  static {
    for (List<String> row : Resource.written("graphics.txt")) {
      MULTIPLICITIES
          .computeIfAbsent(row.get(0), type -> new LinkedHashMap<>())
          .put(row.get(1), row.get(2));
    }
  }

  private final Problems problems;

  Graphics(Problems problems) {
    this.problems = problems;
  }

  void check(Item item) {
    Map<String, String> types = MULTIPLICITIES.get(item.valueType());
    String type = item.data().string(Tag.GraphicType).orElse("");
    if (item.isReference() || types == null || type.isEmpty()) {
      return;
    }
    String section = "PS3.3 " + (item.valueType().equals("SCOORD") ? "C.18.6.1.2" : "C.18.9.1.2");
    String multiplicity = types.get(type);
    int count = item.data().numbers(Tag.GraphicData).size();
    if (multiplicity == null) {
      problems.error(
          item.place(),
          "has %s %s, expected %s"
              .formatted(
                  Dictionary.describe(Tag.GraphicType),
                  Problems.quote(type),
                  String.join(" or ", types.keySet())),
          section);
    } else if (count > 0 && !ValueRules.allows(multiplicity, count)) {
      problems.error(
          item.place(),
          "is a %s of %d numbers, expected %s".formatted(type, count, multiplicity),
          section);
    }
  }
}
