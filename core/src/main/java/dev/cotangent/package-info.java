/** Tensors with PyTorch's autograd. */
@NullMarked
package dev.cotangent;

import org.jspecify.annotations.NullMarked;
