package org.llavamed.deidentification;

import java.util.Locale;

/** An option of the profile: PS3.15 section E.3, with its code of CID 7050. */
public enum ProfileOption {
  CLEAN_PIXEL_DATA("113101", "Clean Pixel Data Option"),
  CLEAN_RECOGNIZABLE_VISUAL_FEATURES("113102", "Clean Recognizable Visual Features Option"),
  CLEAN_GRAPHICS("113103", "Clean Graphics Option"),
  CLEAN_STRUCTURED_CONTENT("113104", "Clean Structured Content Option"),
  CLEAN_DESCRIPTORS("113105", "Clean Descriptors Option"),
  RETAIN_FULL_DATES("113106", "Retain Longitudinal Temporal Information Full Dates Option"),
  RETAIN_MODIFIED_DATES("113107", "Retain Longitudinal Temporal Information Modified Dates Option"),
  RETAIN_PATIENT_CHARACTERISTICS("113108", "Retain Patient Characteristics Option"),
  RETAIN_DEVICE_IDENTITY("113109", "Retain Device Identity Option"),
  RETAIN_UIDS("113110", "Retain UIDs Option"),
  RETAIN_SAFE_PRIVATE("113111", "Retain Safe Private Option"),
  RETAIN_INSTITUTION_IDENTITY("113112", "Retain Institution Identity Option");

  private final String code;
  private final String meaning;

  ProfileOption(String code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** Returns the code value in the coding scheme DCM. */
  public String code() {
    return code;
  }

  /** Returns the code meaning. */
  public String meaning() {
    return meaning;
  }

  /** Returns the name on a command line, for example {@code retain-uids}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns whether this product can do it: neither pixels nor faces are cleaned. */
  public boolean isSupported() {
    return this != CLEAN_PIXEL_DATA && this != CLEAN_RECOGNIZABLE_VISUAL_FEATURES;
  }
}
