/** What the modules of this library share and no user calls: the door to a tensor's internals, argument checks, logging. */
@NullMarked
package dev.cotangent.internal;

import org.jspecify.annotations.NullMarked;
