/** Modules, optimisers and schedulers written outside of the library's packages. */
@NullMarked
package dev.cotangent.user;

import org.jspecify.annotations.NullMarked;
