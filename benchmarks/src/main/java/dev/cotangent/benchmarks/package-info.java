/** Interleaved benchmarks of Cotangent and its peers. */
@NullMarked
package dev.cotangent.benchmarks;

import org.jspecify.annotations.NullMarked;
