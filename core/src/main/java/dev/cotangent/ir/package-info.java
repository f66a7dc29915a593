/** Scalar programs: element-wise computations as expressions over a set of primitives. */
@NullMarked
package dev.cotangent.ir;

import org.jspecify.annotations.NullMarked;
