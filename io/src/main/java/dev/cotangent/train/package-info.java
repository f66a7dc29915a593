/** A training loop that is optional: epochs, evaluation, checkpoints, metrics, early stopping and callbacks. */
@NullMarked
package dev.cotangent.train;

import org.jspecify.annotations.NullMarked;
