/** The operations: checks, promotion, broadcasting, forward and backward of each in one place. For authors of operations. */
@NullMarked
package dev.cotangent.op;

import org.jspecify.annotations.NullMarked;
