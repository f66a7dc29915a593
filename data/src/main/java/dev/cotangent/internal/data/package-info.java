/** Shared code of the readers of files. */
@NullMarked
package dev.cotangent.internal.data;

import org.jspecify.annotations.NullMarked;
