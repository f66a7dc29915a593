/** The conformance suite and the golden data as a command, for a machine that has nothing but the bundle. */
@NullMarked
package dev.cotangent.tests.selftest;

import org.jspecify.annotations.NullMarked;
