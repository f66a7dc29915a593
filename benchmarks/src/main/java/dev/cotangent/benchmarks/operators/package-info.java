/** The table of operations of {@code cotangent bench --operators}. */
@NullMarked
package dev.cotangent.benchmarks.operators;

import org.jspecify.annotations.NullMarked;
