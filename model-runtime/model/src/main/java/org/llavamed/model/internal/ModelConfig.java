package org.llavamed.model.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Configuration {@code org.llavamed.model}. */
@ObjectClassDefinition(
    name = "Model runtime",
    description = "Where the default model lies and how models are run")
@interface ModelConfig {
  @AttributeDefinition(description = "Folder of the model that is used where none is named")
  String modelFolder() default "";

  @AttributeDefinition(
      description = "Threads that run the graphs of a model; 0 takes one a processor core",
      min = "0",
      max = "256")
  int intraOpThreads() default 0;

  @AttributeDefinition(
      description =
          "Microseconds for which threads wait actively for work before they sleep: a few are faster"
              + " on a quiet machine, many are slow on a busy one",
      min = "0",
      max = "1000000")
  int spinMicroseconds() default 10;

  @AttributeDefinition(
      description =
          "Most positions of prompt and answer, at most the model's context; memory grows with it",
      min = "16")
  int mostPositions() default 4096;

  @AttributeDefinition(
      description =
          "What graphs run on: auto takes CUDA where this build of ONNX Runtime and the machine have"
              + " it, else the CPU",
      options = {@Option("auto"), @Option("cpu"), @Option("cuda")})
  String executionProvider() default "auto";

  @AttributeDefinition(description = "Number of the CUDA device", min = "0", max = "255")
  int deviceId() default 0;

  @AttributeDefinition(
      description = "Most memory of the CUDA device, in megabytes; 0 for all of it",
      min = "0")
  int gpuMemoryLimitMegabytes() default 0;

  @AttributeDefinition(
      description =
          "Which of the language model's graphs are run, where a model folder has several; auto"
              + " measures once",
      options = {
        @Option("auto"),
        @Option("fp32"),
        @Option("fp16"),
        @Option("int8"),
        @Option("int4"),
        @Option("int8+int4")
      })
  String decoderVariant() default "auto";

  @AttributeDefinition(
      description =
          "Folder that keeps large weights as ONNX Runtime packs them, so that they are shared and"
              + " need not stay in memory; off packs them at every start")
  String prepackedCache() default "off";

  @AttributeDefinition(description = "Load models that do not fit the memory")
  boolean ignoreMemoryCheck() default false;

  @AttributeDefinition(
      description =
          "Most requests that are answered at a time, each with a row of the key-value cache; memory"
              + " grows with it where they come together",
      min = "1",
      max = "256")
  int batchSize() default 8;

  @AttributeDefinition(
      description = "Most requests that wait for their turn; more are refused",
      min = "1")
  int mostWaiting() default 64;

  @AttributeDefinition(
      description =
          "Most positions of a prompt that are read in one run: a stop waits for that long, the"
              + " other requests up to twice; 0 takes what was measured fastest, 256 where nothing"
              + " was",
      min = "0")
  int prefillChunk() default 0;

  @AttributeDefinition(
      description =
          "Megabytes for the beginnings of prompts that were read last, each up to the end of its"
              + " picture; 0 keeps none",
      min = "0")
  int prefixCacheMegabytes() default 512;

  @AttributeDefinition(
      description =
          "Megabytes for what the vision tower made of the last pictures; 0 keeps nothing",
      min = "0")
  int featureCacheMegabytes() default 128;
}
