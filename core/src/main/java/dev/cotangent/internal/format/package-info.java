/** Arrays and tensors as text and files: the printed forms of PyTorch and NumPy, and NumPy's {@code .npy}. */
@NullMarked
package dev.cotangent.internal.format;

import org.jspecify.annotations.NullMarked;
