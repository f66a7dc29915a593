/** What the library's own modules and optimisers share. */
@NullMarked
package dev.cotangent.nn.internal;

import org.jspecify.annotations.NullMarked;
