package org.llavamed.check.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Which modules an IOD has (PS3.3 annex A). */
public final class Iods {
  /**
   * An information object definition.
   *
   * @param name for example {@code enhanced-sr}
   * @param modules the modules, and whether they are mandatory
   */
  public record Iod(String name, Map<String, Boolean> modules) {}

  private static final Map<String, Iod> BY_SOP_CLASS = new LinkedHashMap<>();

  static {
    Resource.generated("iods.tsv")
        .forEach(
            row ->
                BY_SOP_CLASS
                    .computeIfAbsent(row.get(0), uid -> new Iod(row.get(1), new LinkedHashMap<>()))
                    .modules()
                    .put(row.get(2), row.get(3).equals("M")));
  }

  private Iods() {}

  /** Returns the IOD of a SOP class, where it is one of those that are known here. */
  public static Optional<Iod> of(String sopClassUid) {
    return Optional.ofNullable(BY_SOP_CLASS.get(sopClassUid));
  }
}
