/** Tests of the profiler. */
@NullMarked
package dev.cotangent.tests.profiler;

import org.jspecify.annotations.NullMarked;
