/** The engine on PyTorch, by JavaCPP; runs in worker processes, never in the framework. */
@NullMarked
package org.llavamed.torch;

import org.jspecify.annotations.NullMarked;
