/** What the benchmark says of itself, without a look at any time. */
@NullMarked
package dev.cotangent.benchmarks;

import org.jspecify.annotations.NullMarked;
