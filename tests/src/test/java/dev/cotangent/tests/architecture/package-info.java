/** The rules of the architecture. */
@NullMarked
package dev.cotangent.tests.architecture;

import org.jspecify.annotations.NullMarked;
