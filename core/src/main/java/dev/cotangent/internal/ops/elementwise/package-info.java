/** Element-wise operations: their registry, kernels and derivatives. */
@NullMarked
package dev.cotangent.internal.ops.elementwise;

import org.jspecify.annotations.NullMarked;
