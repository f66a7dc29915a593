/** A pole that a network learns to balance. */
@NullMarked
package dev.cotangent.examples.pole;

import org.jspecify.annotations.NullMarked;
