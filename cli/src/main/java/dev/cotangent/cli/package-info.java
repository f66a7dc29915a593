/** The {@code cotangent} command, and what other modules need to add commands to it. */
@NullMarked
package dev.cotangent.cli;

import org.jspecify.annotations.NullMarked;
