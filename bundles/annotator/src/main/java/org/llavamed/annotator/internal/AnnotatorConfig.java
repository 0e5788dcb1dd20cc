package org.llavamed.annotator.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the annotator, pid {@value DefaultStudyAnnotator#PID}. */
@ObjectClassDefinition(name = "Annotator")
@interface AnnotatorConfig {
  @AttributeDefinition(
      description = "Protocol file that is used where none is named; empty for the one that ships")
  String protocol() default "";

  @AttributeDefinition(
      description =
          "Pictures read of a stack of slices or of a multi-frame object for questions that come"
              + " without a protocol",
      min = "1",
      max = "1000")
  int frames() default 3;

  @AttributeDefinition(
      description = "Most single pictures (radiographs, stills) that are read of one series",
      min = "1")
  int stillsPerSeries() default 16;

  @AttributeDefinition(description = "Most tokens of a free answer", min = "1")
  int maxNewTokens() default 128;
}
