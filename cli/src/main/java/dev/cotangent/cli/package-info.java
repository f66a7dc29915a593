/** The {@code cotangent} command, and the interface by which other modules add commands to it. */
@NullMarked
package dev.cotangent.cli;

import org.jspecify.annotations.NullMarked;
