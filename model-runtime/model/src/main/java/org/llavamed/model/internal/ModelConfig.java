package org.llavamed.model.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration {@code org.llavamed.model}. */
@ObjectClassDefinition(
    name = "Model runtime",
    description = "Where the default model lies and how models are run")
@interface ModelConfig {
  @AttributeDefinition(description = "Folder of the model that is used where none is named")
  String modelFolder();

  @AttributeDefinition(
      description = "Threads of one model; 0 takes as many as the process may use processors",
      min = "0",
      max = "256")
  int intraOpThreads() default 0;

  @AttributeDefinition(
      description =
          "Threads wait actively for work: a little faster on a quiet machine, slower on a busy"
              + " one")
  boolean allowSpinning() default false;

  @AttributeDefinition(
      description =
          "Most positions of prompt and answer, at most the model's context; memory grows with it",
      min = "16")
  int mostPositions() default 4096;
}
