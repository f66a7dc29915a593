/** Reductions, scans, norms and losses: where the elements are special, and what backward passes rely on. */
@NullMarked
package dev.cotangent.tests.reduction;

import org.jspecify.annotations.NullMarked;
