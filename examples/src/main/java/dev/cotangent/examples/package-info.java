/** The {@code cotangent} command: the tour of the seeds, trainings, the doctor and the shell. */
@NullMarked
package dev.cotangent.examples;

import org.jspecify.annotations.NullMarked;
