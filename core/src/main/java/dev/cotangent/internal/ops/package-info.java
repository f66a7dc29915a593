/** Operations: checks, promotion, broadcasting, forward and backward of each in one place; here what all families share. */
@NullMarked
package dev.cotangent.internal.ops;

import org.jspecify.annotations.NullMarked;
