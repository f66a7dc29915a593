/** A network for handwritten digits, written with nothing but tensors. */
@NullMarked
package dev.cotangent.examples.digits;

import org.jspecify.annotations.NullMarked;
