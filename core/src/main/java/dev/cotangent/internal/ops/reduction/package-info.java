/** Reductions, scans, sorting and softmax. */
@NullMarked
package dev.cotangent.internal.ops.reduction;

import org.jspecify.annotations.NullMarked;
