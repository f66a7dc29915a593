/** Whole trainings: beside PyTorch, and those of the examples. */
@NullMarked
package dev.cotangent.tests.training;

import org.jspecify.annotations.NullMarked;
