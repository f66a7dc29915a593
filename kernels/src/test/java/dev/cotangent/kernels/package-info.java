/** Tests of the kernels' sources. */
@NullMarked
package dev.cotangent.kernels;

import org.jspecify.annotations.NullMarked;
