/**
 * What stands between people's data and a model's tensors, the same for training and serving: the
 * tokenizer, the preparation of pictures, the conversation templates.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.llavamed.preprocess;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
