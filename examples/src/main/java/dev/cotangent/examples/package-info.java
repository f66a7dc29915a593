/** Trainings that people read, and the tour of the tutorials, as commands of {@code cotangent}. */
@NullMarked
package dev.cotangent.examples;

import org.jspecify.annotations.NullMarked;
