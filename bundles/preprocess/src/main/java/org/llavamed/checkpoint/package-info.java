/**
 * Checkpoints as Hugging Face transformers and the original LLaVA code write them: configuration
 * and weights, read and checked. Shared by the importer and the trainer.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.llavamed.checkpoint;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
