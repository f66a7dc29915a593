/** Arrays and tensors as text and as files: what PyTorch and NumPy print, and NumPy's {@code .npy}. */
@NullMarked
package dev.cotangent.format;

import org.jspecify.annotations.NullMarked;
