/** Scalar programs: elementwise computations as expressions over one table of primitives. */
@NullMarked
package dev.cotangent.program;

import org.jspecify.annotations.NullMarked;
