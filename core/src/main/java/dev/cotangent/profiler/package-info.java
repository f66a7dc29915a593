/** Times and counts what runs: {@code torch.profiler}. */
@NullMarked
package dev.cotangent.profiler;

import org.jspecify.annotations.NullMarked;
