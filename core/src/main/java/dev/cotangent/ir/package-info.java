/** Scalar programs: elementwise computations as expressions over one table of primitives. */
@NullMarked
package dev.cotangent.ir;

import org.jspecify.annotations.NullMarked;
