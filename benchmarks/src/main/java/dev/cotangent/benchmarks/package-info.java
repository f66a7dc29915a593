/** The same work here and in PyTorch, measured in turns. */
@NullMarked
package dev.cotangent.benchmarks;

import org.jspecify.annotations.NullMarked;
