/** Indices, typed and as text. */
@NullMarked
package dev.cotangent.tests.index;

import org.jspecify.annotations.NullMarked;
