/** Scopes: what they free and what they must not. */
@NullMarked
package dev.cotangent.tests.memory;

import org.jspecify.annotations.NullMarked;
