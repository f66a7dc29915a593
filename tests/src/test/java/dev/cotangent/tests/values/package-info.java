/** Values at the limits of dtypes, ranges and functions. */
@org.jspecify.annotations.NullMarked
package dev.cotangent.tests.values;
