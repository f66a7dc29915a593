/** Values at the limits of dtypes, ranges and functions. */
@NullMarked
package dev.cotangent.tests.values;

import org.jspecify.annotations.NullMarked;
