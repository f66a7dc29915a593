/** Special functions: {@code torch.special}. */
@NullMarked
package dev.cotangent.special;

import org.jspecify.annotations.NullMarked;
