package org.llavamed.trainer.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Where the tensor library lies. */
@ObjectClassDefinition(name = "Trainer")
@interface EngineConfig {
  /** Returns a folder; empty for the one that is fetched. */
  @AttributeDefinition(
      description =
          "Folder with the jars of PyTorch, OpenBLAS and JavaCPP and their natives; empty: they are"
              + " fetched from Maven Central when they are first needed, and kept. The environment"
              + " variable LLAVAMED_ENGINE goes before this.")
  String engineFolder() default "";
}
