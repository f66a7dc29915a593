/** What a device must offer, and what it is handed: storages, layouts and scalar programs. */
@NullMarked
package dev.cotangent.backend;

import org.jspecify.annotations.NullMarked;
