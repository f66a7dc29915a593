/** What autograd promises beyond single operations: hooks, functions of a user's own, modes, checkpoints, gradcheck. */
@NullMarked
package dev.cotangent.tests.autograd;

import org.jspecify.annotations.NullMarked;
