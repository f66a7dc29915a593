/** Shared by this library's modules and not for users: access to a tensor's internals, argument checks, logging. */
@NullMarked
package dev.cotangent.internal;

import org.jspecify.annotations.NullMarked;
