package org.llavamed.result.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the result writer, pid {@value DicomResultWriter#PID}. */
@ObjectClassDefinition(name = "Result writer")
@interface ResultConfig {
  @AttributeDefinition(
      description =
          "Whether the objects bear the time at which they are written, so that each run makes new"
              + " ones; else that of the source, so that a repeated run writes the same bytes")
  boolean datesFromClock() default false;

  @AttributeDefinition(
      description =
          "What is written where nothing is asked for, of json, sr, report, sc, pdf, gsps, ko and"
              + " mfsc, separated by commas")
  String formats() default "json,sr,report,sc";

  @AttributeDefinition(
      description =
          "How the pictures of sc and mfsc are stored: native (uncompressed), rle (RLE Lossless) or"
              + " jpeg (JPEG Baseline, with loss)")
  String captureTransferSyntax() default "native";
}
