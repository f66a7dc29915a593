/** Tests of the training loop. */
@NullMarked
package dev.cotangent.train;

import org.jspecify.annotations.NullMarked;
