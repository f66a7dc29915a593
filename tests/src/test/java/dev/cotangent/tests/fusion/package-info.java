/** Deferred evaluation: that it happens, and that nobody can tell. */
@NullMarked
package dev.cotangent.tests.fusion;

import org.jspecify.annotations.NullMarked;
