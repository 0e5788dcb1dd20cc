package org.llavamed.annotator.internal;

/** Tags of the attributes that the objects of tests have. */
final class Tags {
  static final int IMAGE_TYPE = 0x00080008;
  static final int SOP_CLASS_UID = 0x00080016;
  static final int SOP_INSTANCE_UID = 0x00080018;
  static final int MODALITY = 0x00080060;
  static final int STUDY_DESCRIPTION = 0x00081030;
  static final int PATIENT_ID = 0x00100020;
  static final int BODY_PART_EXAMINED = 0x00180015;
  static final int STUDY_INSTANCE_UID = 0x0020000D;
  static final int SERIES_INSTANCE_UID = 0x0020000E;
  static final int SERIES_NUMBER = 0x00200011;
  static final int INSTANCE_NUMBER = 0x00200013;
  static final int IMAGE_POSITION = 0x00200032;
  static final int IMAGE_ORIENTATION = 0x00200037;
  static final int NUMBER_OF_FRAMES = 0x00280008;
  static final int DIRECTORY_RECORD_SEQUENCE = 0x00041220;
  static final int REFERENCED_FILE_ID = 0x00041500;

  private Tags() {}
}
