/** The graph and the engine that runs it backward; what a user's own functions and the built-in operations have in common. */
@NullMarked
package dev.cotangent.autograd;

import org.jspecify.annotations.NullMarked;
