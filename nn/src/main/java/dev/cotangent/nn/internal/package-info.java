/** Shared code of the library's own modules and optimisers. */
@NullMarked
package dev.cotangent.nn.internal;

import org.jspecify.annotations.NullMarked;
