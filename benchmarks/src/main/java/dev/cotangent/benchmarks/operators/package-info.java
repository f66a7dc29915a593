/** The table of operations that {@code cotangent bench --operators} measures. */
@NullMarked
package dev.cotangent.benchmarks.operators;

import org.jspecify.annotations.NullMarked;
