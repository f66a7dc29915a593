/** Example trainings and the tour of the tutorials, as {@code cotangent} commands. */
@NullMarked
package dev.cotangent.examples;

import org.jspecify.annotations.NullMarked;
