/**
 * Turns a Hugging Face LLaVA checkpoint (safetensors) into a folder of ONNX graphs with their
 * weights beside them.
 *
 * <p>{@link org.llavamed.checkpoint.Checkpoint} reads, {@link org.llavamed.checkpoint.LlavaConfig}
 * says what shape everything has, one class a graph writes, {@link
 * org.llavamed.importer.internal.HuggingFaceImporter} puts the folder together.
 */
@NullMarked
package org.llavamed.importer.internal;

import org.jspecify.annotations.NullMarked;
