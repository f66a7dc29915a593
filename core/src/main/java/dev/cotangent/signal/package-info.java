/** Signal processing: {@code torch.signal}. */
@NullMarked
package dev.cotangent.signal;

import org.jspecify.annotations.NullMarked;
