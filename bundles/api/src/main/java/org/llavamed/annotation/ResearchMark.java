package org.llavamed.annotation;

import org.llavamed.imaging.Attributes;

/** The marks that every output carries: this is research, and it is ours. */
public final class ResearchMark {
  /** The notice, as burned into pictures and shown with every text. */
  public static final String NOTICE = "RESEARCH USE ONLY - NOT FOR CLINICAL USE";

  /** The beginning of Series Description (0008,103E). */
  public static final String SERIES_DESCRIPTION = "AI research - not for clinical use: ";

  /** Content Qualification (0018,9004). */
  public static final String CONTENT_QUALIFICATION = "RESEARCH";

  /** Manufacturer (0008,0070) of every object that we write. */
  public static final String MANUFACTURER = "LLaVA-Med for DICOM";

  private static final int MANUFACTURER_TAG = 0x00080070;

  private ResearchMark() {}

  /** Returns whether an object was written by us; such an object is never taken as input. */
  public static boolean isOurs(Attributes attributes) {
    return attributes.string(MANUFACTURER_TAG).filter(MANUFACTURER::equals).isPresent();
  }
}
