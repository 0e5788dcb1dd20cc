package org.llavamed.deidentify.internal;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavamed.deidentification.Policy;
import org.llavamed.deidentification.ProfileOption;

/** PS3.15 table E.1-1: profile.tsv, and what is removed beyond it: extra.tsv. */
final class Profile {
  /**
   * One row.
   *
   * @param basic action of the basic profile
   * @param options actions of the options that have an entry
   */
  record Rule(Action basic, Map<ProfileOption, Action> options) {
    /** Returns the action under a policy: of several options the one that retains the most. */
    Action action(Policy policy) {
      Action chosen = null;
      for (Map.Entry<ProfileOption, Action> entry : options.entrySet()) {
        if (policy.has(entry.getKey())
            && (chosen == null || entry.getValue().compareTo(chosen) < 0)) {
          chosen = entry.getValue();
        }
      }
      return chosen == null ? basic : chosen;
    }
  }

  private record Mask(int mask, int bits, Rule rule) {}

  private static final String FIRST_CODE = "113100";
  private static final Map<Integer, Rule> RULES = new HashMap<>();
  private static final List<Mask> REPEATING = new ArrayList<>();

  static {
    List<List<String>> rows = Resources.rows("profile.tsv");
    rows.stream().skip(1).forEach(row -> add(rows.get(0), row));
    List<List<String>> extra = Resources.rows("extra.tsv");
    extra.stream().skip(1).forEach(row -> add(extra.get(0), row));
  }

  private Profile() {}

  private static void add(List<String> header, List<String> row) {
    int basic = header.indexOf(FIRST_CODE);
    Map<ProfileOption, Action> options = new EnumMap<>(ProfileOption.class);
    for (int i = basic + 1; i < header.size(); i++) {
      if (!row.get(i).isEmpty()) {
        options.put(option(header.get(i)), Action.of(row.get(i)));
      }
    }
    Rule rule = new Rule(Action.of(row.get(basic)), Map.copyOf(options));
    String tag = row.get(0);
    int bits = Integer.parseUnsignedInt(tag.replace('X', '0'), 16);
    if (tag.indexOf('X') < 0) {
      RULES.put(bits, rule);
    } else {
      int mask = Integer.parseUnsignedInt(tag.replaceAll("[^X]", "F").replace('X', '0'), 16);
      REPEATING.add(new Mask(mask, bits, rule));
    }
  }

  private static ProfileOption option(String code) {
    for (ProfileOption option : ProfileOption.values()) {
      if (option.code().equals(code)) {
        return option;
      }
    }
    throw new IllegalArgumentException(code + " is no option");
  }

  /** Returns the row of a standard attribute; empty where no table has one. */
  static Optional<Rule> rule(int tag) {
    Rule rule = RULES.get(tag);
    if (rule != null) {
      return Optional.of(rule);
    }
    return REPEATING.stream()
        .filter(row -> (tag & row.mask()) == row.bits())
        .map(Mask::rule)
        .findFirst();
  }

  /** Returns the tags of the tables, but for repeating groups. */
  static Iterable<Integer> tags() {
    return RULES.keySet().stream().sorted(Integer::compareUnsigned).toList();
  }
}
