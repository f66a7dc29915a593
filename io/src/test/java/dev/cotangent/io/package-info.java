/** Files read and written as PyTorch does, broken ones, and trainings that are killed. */
@NullMarked
package dev.cotangent.io;

import org.jspecify.annotations.NullMarked;
