/** Arrays and tensors as text and as files: what PyTorch and NumPy print, and NumPy's {@code .npy}. */
@NullMarked
package dev.cotangent.internal.format;

import org.jspecify.annotations.NullMarked;
