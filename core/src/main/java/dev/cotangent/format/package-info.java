/** Tensors as text. */
@NullMarked
package dev.cotangent.format;

import org.jspecify.annotations.NullMarked;
