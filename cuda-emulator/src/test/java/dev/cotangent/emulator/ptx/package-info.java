@NullMarked
package dev.cotangent.emulator.ptx;

import org.jspecify.annotations.NullMarked;
