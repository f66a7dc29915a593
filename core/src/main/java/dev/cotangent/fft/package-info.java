/** Discrete Fourier transforms: {@code torch.fft}. */
@NullMarked
package dev.cotangent.fft;

import org.jspecify.annotations.NullMarked;
