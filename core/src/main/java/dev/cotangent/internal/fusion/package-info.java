/** Operator fusion: which results are deferred, and how deferred expressions are grouped into one program. */
@NullMarked
package dev.cotangent.internal.fusion;

import org.jspecify.annotations.NullMarked;
