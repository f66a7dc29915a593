/** The backend in pure Java. */
@NullMarked
package dev.cotangent.cpu;

import org.jspecify.annotations.NullMarked;
