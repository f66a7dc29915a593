/** Gather, scatter, advanced indexing and search. */
@NullMarked
package dev.cotangent.internal.ops.indexing;

import org.jspecify.annotations.NullMarked;
