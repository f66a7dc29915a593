/** Convolutions and sliding blocks. */
@NullMarked
package dev.cotangent.tests.convolution;

import org.jspecify.annotations.NullMarked;
