/** Creation operations. */
@NullMarked
package dev.cotangent.internal.ops.creation;

import org.jspecify.annotations.NullMarked;
