/** Operations of neural networks: embedding, losses, normalization, padding. */
@NullMarked
package dev.cotangent.internal.ops.nn;

import org.jspecify.annotations.NullMarked;
