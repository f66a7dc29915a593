/** Matrix products and contractions. */
@NullMarked
package dev.cotangent.internal.ops.linalg;

import org.jspecify.annotations.NullMarked;
