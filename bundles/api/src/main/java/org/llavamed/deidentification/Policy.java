package org.llavamed.deidentification;

import java.util.Set;

/**
 * How to de-identify.
 *
 * @param options beside the basic profile, all supported; not both kinds of dates
 * @param secret what pseudonyms are derived from
 * @param pixelsChecked whether a person has seen that the pixels name nobody
 */
public record Policy(Set<ProfileOption> options, ProjectSecret secret, boolean pixelsChecked) {
  public Policy {
    options = Set.copyOf(options);
    for (ProfileOption option : options) {
      if (!option.isSupported()) {
        throw new IllegalArgumentException(
            "%s (%s) is not supported: pixels are not changed. Clean them with another program"
                .formatted(option.meaning(), option.code()));
      }
    }
    if (options.contains(ProfileOption.RETAIN_FULL_DATES)
        && options.contains(ProfileOption.RETAIN_MODIFIED_DATES)) {
      throw new IllegalArgumentException(
          "dates are either retained in full (113106) or modified (113107): choose one");
    }
  }

  /** Returns whether an option was chosen. */
  public boolean has(ProfileOption option) {
    return options.contains(option);
  }
}
