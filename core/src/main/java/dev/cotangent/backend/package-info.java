/** The backend interface of devices, and its operands: storages, layouts and scalar programs. */
@NullMarked
package dev.cotangent.backend;

import org.jspecify.annotations.NullMarked;
