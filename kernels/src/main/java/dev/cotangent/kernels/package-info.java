/** The device kernels in CUDA C and what renders a scalar program into them. */
@NullMarked
package dev.cotangent.kernels;

import org.jspecify.annotations.NullMarked;
