/** Training of a network for handwritten digits, written with tensors only. */
@NullMarked
package dev.cotangent.examples.digits;

import org.jspecify.annotations.NullMarked;
