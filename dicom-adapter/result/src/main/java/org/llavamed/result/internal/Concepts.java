package org.llavamed.result.internal;

import java.util.Map;
import java.util.Optional;
import org.llavamed.annotation.Code;
import org.llavamed.annotation.Protocol.ProtocolQuestion;

/** The coded concepts of our documents: those of PS3.16 and those of our private scheme. */
final class Concepts {
  /** Designator of our private coding scheme, declared in every document that uses it. */
  static final String SCHEME = "99LLAVAMED";

  static final Code LANGUAGE = dcm("121049", "Language of Content Item and Descendants");
  static final Code ENGLISH = new Code("en", "RFC5646", "English");
  static final Code OBSERVER_TYPE = dcm("121005", "Observer Type");
  static final Code DEVICE = dcm("121007", "Device");
  static final Code DEVICE_UID = dcm("121012", "Device Observer UID");
  static final Code DEVICE_NAME = dcm("121013", "Device Observer Name");
  static final Code DEVICE_MANUFACTURER = dcm("121014", "Device Observer Manufacturer");
  static final Code DEVICE_MODEL = dcm("121015", "Device Observer Model Name");
  static final Code DEVICE_SERIAL = dcm("121016", "Device Observer Serial Number");

  static final Code MEASUREMENT_REPORT = dcm("126000", "Imaging Measurement Report");
  static final Code PROCEDURE_REPORTED = dcm("121058", "Procedure reported");
  static final Code IMAGING_PROCEDURE = new Code("363679005", "SCT", "Imaging procedure");
  static final Code IMAGE_LIBRARY = dcm("111028", "Image Library");
  static final Code IMAGE_LIBRARY_GROUP = dcm("126200", "Image Library Group");
  static final Code MODALITY = dcm("121139", "Modality");
  static final Code IMAGING_MEASUREMENTS = dcm("126010", "Imaging Measurements");
  static final Code MEASUREMENT_GROUP = dcm("125007", "Measurement Group");
  static final Code TRACKING_IDENTIFIER = dcm("112039", "Tracking Identifier");
  static final Code TRACKING_UID = dcm("112040", "Tracking Unique Identifier");
  static final Code ALGORITHM_NAME = dcm("111001", "Algorithm Name");
  static final Code ALGORITHM_VERSION = dcm("111003", "Algorithm Version");
  static final Code ALGORITHM_PARAMETERS = dcm("111002", "Algorithm Parameters");
  static final Code SOURCE = new Code("260753009", "SCT", "Source");
  static final Code PERCENT = new Code("%", "UCUM", "percent");

  static final Code REPORT_TITLE = new Code("18748-4", "LN", "Diagnostic imaging report");
  static final Code NOTICE = own("NOTICE", "Notice");
  static final Code PROVENANCE = own("PROVENANCE", "Model and protocol");
  static final Code PICTURE = own("PICTURE", "Picture");
  static final Code HEADER = own("HEADER", "What the header says");
  static final Code FINDING = own("FINDING", "Question and answer");
  static final Code QUESTION = own("QUESTION", "Question");
  static final Code ANSWER = own("ANSWER", "Answer");
  static final Code CODED_ANSWER = own("ANSWERCODE", "Coded answer");
  static final Code PROBABILITY =
      own("PROBABILITY", "Probability by the model itself, not calibrated");

  static final Code FOR_RESEARCH = dcm("113009", "For Research");
  static final Code KEY_OBJECT_DESCRIPTION = dcm("113012", "Key Object Description");

  static final Code PROCESSING_EQUIPMENT = dcm("109102", "Processing Equipment");
  static final Code SOURCE_IMAGE = dcm("121322", "Source image for image processing operation");

  /** The terms of CID 29 for the modalities that are annotated. */
  private static final Map<String, String> MODALITIES =
      Map.ofEntries(
          Map.entry("CR", "Computed Radiography"),
          Map.entry("CT", "Computed Tomography"),
          Map.entry("DX", "Digital Radiography"),
          Map.entry("ES", "Endoscopy"),
          Map.entry("GM", "General Microscopy"),
          Map.entry("IO", "Intra-oral Radiography"),
          Map.entry("MG", "Mammography"),
          Map.entry("MR", "Magnetic Resonance"),
          Map.entry("NM", "Nuclear Medicine"),
          Map.entry("OP", "Ophthalmic Photography"),
          Map.entry("PT", "Positron emission tomography"),
          Map.entry("RF", "Radiofluoroscopy"),
          Map.entry("SM", "Slide Microscopy"),
          Map.entry("US", "Ultrasound"),
          Map.entry("XA", "X-Ray Angiography"),
          Map.entry("XC", "External-camera Photography"));

  private static final int CODE_DIGITS = 12;
  private static final int MEANING_LENGTH = 64;

  private Concepts() {}

  private static Code dcm(String value, String meaning) {
    return new Code(value, "DCM", meaning);
  }

  private static Code own(String value, String meaning) {
    return new Code(value, SCHEME, meaning);
  }

  /** Returns the term of a modality, where CID 29 has one that is in use here. */
  static Optional<Code> modality(String modality) {
    return Optional.ofNullable(MODALITIES.get(modality)).map(term -> dcm(modality, term));
  }

  /**
   * Returns the concept that a question asks for: its own code, else one of our scheme whose value
   * is derived from the question's text, so that the same question has the same code everywhere.
   */
  static Code of(ProtocolQuestion question) {
    return question
        .code()
        .orElseGet(
            () ->
                own(
                    "Q" + Hashes.sha256(question.text()).substring(0, CODE_DIGITS),
                    Words.shorten(Words.line(question.text()), MEANING_LENGTH)));
  }
}
