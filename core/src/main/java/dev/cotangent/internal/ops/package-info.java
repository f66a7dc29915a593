/**
 * Operations: each with its checks, promotion, forward and backward in one place; this package has the shared
 * helpers.
 */
@NullMarked
package dev.cotangent.internal.ops;

import org.jspecify.annotations.NullMarked;
