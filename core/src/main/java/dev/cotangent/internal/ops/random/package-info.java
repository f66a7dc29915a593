/** Random sampling. */
@NullMarked
package dev.cotangent.internal.ops.random;

import org.jspecify.annotations.NullMarked;
