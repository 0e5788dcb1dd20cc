package org.llavamed.check.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Dictionary.Entry;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.Attributes;

/**
 * What holds for the values of any attribute: representation and multiplicity of PS3.6, the form of
 * PS3.5 table 6.2-1, and the values that PS3.3 enumerates. Private attributes are left alone.
 */
public final class ValueRules {
  private record Enumeration(
      List<String> iods, List<String> values, String source, boolean extensible) {
    boolean appliesTo(String iod) {
      return iods.contains("*") || iods.contains(iod);
    }
  }

  private static final Map<Integer, List<Enumeration>> ENUMERATIONS = new HashMap<>();

  static {
    for (List<String> row : Resource.written("enumerations.txt")) {
      int tag = Dictionary.byKeyword(row.get(1)).orElseThrow().tag();
      List<String> values = new ArrayList<>();
      Resource.words(row.get(2)).forEach(word -> values.add(word.replace('_', ' ')));
      ENUMERATIONS
          .computeIfAbsent(tag, key -> new ArrayList<>())
          .add(new Enumeration(Resource.words(row.get(0)), values, row.get(3), row.size() > 4));
    }
  }

  private final String iod;
  private final Problems problems;

  /**
   * Makes the rules of an IOD.
   *
   * @param iod its name in {@code iods.tsv}; empty where it is not known
   */
  public ValueRules(String iod, Problems problems) {
    this.iod = iod;
    this.problems = problems;
  }

  /** Checks all attributes of an object. */
  public void check(Attributes object) {
    object.tags().forEach(tag -> check(object, Place.of(tag), tag));
  }

  private void check(Attributes data, Place place, int tag) {
    Optional<Entry> entry = Dictionary.entry(tag);
    Optional<Vr> vr = data.vr(tag).flatMap(Vr::of).filter(actual -> actual != Vr.UN);
    if (entry.isEmpty() || vr.isEmpty()) {
      return;
    }
    if (!entry.get().vrs().contains(vr.get())) {
      problems.error(
          place.toString(),
          "has value representation %s, expected %s"
              .formatted(
                  vr.get(),
                  entry.get().vrs().stream().map(Vr::name).collect(Collectors.joining(" or "))),
          "PS3.6");
    } else if (vr.get() == Vr.SQ) {
      int count = 0;
      for (Attributes item : data.items(tag)) {
        int number = ++count;
        item.tags().forEach(child -> check(item, place.attribute(number, child), child));
      }
    } else {
      checkValues(data, place, entry.get(), vr.get());
    }
  }

  private void checkValues(Attributes data, Place place, Entry entry, Vr vr) {
    if (vr.isBulk()) {
      return;
    }
    List<String> values = data.strings(entry.tag());
    if (vr.isText()) {
      for (String value : values) {
        vr.problem(value)
            .ifPresent(problem -> problems.error(place.toString(), problem, "PS3.5 table 6.2-1"));
      }
    }
    if (!values.isEmpty() && !allows(entry.vm(), values.size())) {
      problems.error(
          place.toString(),
          "has %d values, expected %s".formatted(values.size(), entry.vm()),
          "PS3.6");
    }
    for (Enumeration enumeration : ENUMERATIONS.getOrDefault(entry.tag(), List.of())) {
      if (enumeration.appliesTo(iod)) {
        checkEnumeration(values, place, enumeration);
      }
    }
  }

  private void checkEnumeration(List<String> values, Place place, Enumeration enumeration) {
    for (String value : values) {
      if (value.isBlank() || enumeration.values().contains(value)) {
        continue;
      }
      String sentence =
          "is %s, expected %s"
              .formatted(Problems.quote(value), String.join(" or ", enumeration.values()));
      if (enumeration.extensible()) {
        problems.warning(
            place.toString(), sentence + ", though others may be added", enumeration.source());
      } else {
        problems.error(place.toString(), sentence, enumeration.source());
      }
    }
  }

  /**
   * Returns whether a multiplicity of PS3.6 allows a number of values.
   *
   * @param vm for example {@code 1}, {@code 1-3}, {@code 1-n}, {@code 2-2n} or {@code 1-n or 1}
   */
  static boolean allows(String vm, int count) {
    for (String alternative : vm.split(" or ", -1)) {
      int dash = alternative.indexOf('-');
      String least = dash < 0 ? alternative : alternative.substring(0, dash);
      String most = dash < 0 ? alternative : alternative.substring(dash + 1);
      int low = Integer.parseInt(least);
      boolean fits =
          most.endsWith("n")
              ? count % (most.equals("n") ? 1 : Integer.parseInt(most.replace("n", ""))) == 0
              : count <= Integer.parseInt(most);
      if (count >= low && fits) {
        return true;
      }
    }
    return false;
  }
}
