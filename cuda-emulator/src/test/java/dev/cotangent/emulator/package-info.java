/** Tests of the emulated devices. */
@NullMarked
package dev.cotangent.emulator;

import org.jspecify.annotations.NullMarked;
