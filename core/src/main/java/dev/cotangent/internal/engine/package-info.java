/** The autograd graph and the engine that runs it backward. */
@NullMarked
package dev.cotangent.internal.engine;

import org.jspecify.annotations.NullMarked;
