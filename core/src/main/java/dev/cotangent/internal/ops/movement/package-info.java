/** Views, copies, concatenation and transfers: operations that move elements without computing. */
@NullMarked
package dev.cotangent.internal.ops.movement;

import org.jspecify.annotations.NullMarked;
