/** Device kernels in CUDA C, and the code generator for scalar programs. */
@NullMarked
package dev.cotangent.kernels;

import org.jspecify.annotations.NullMarked;
