/**
 * The model as it is trained: CLIP tower, projector, LLaMA or Mistral decoder, low-rank adapters,
 * and the folders that it comes from and goes to.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.llavamed.learning.model;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
