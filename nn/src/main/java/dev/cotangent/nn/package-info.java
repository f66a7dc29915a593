/** Modules of neural networks: PyTorch's {@code torch.nn}. */
@NullMarked
package dev.cotangent.nn;

import org.jspecify.annotations.NullMarked;
