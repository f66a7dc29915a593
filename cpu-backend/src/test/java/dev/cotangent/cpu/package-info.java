/** Tests of the CPU backend against plain loops in double. */
@NullMarked
package dev.cotangent.cpu;

import org.jspecify.annotations.NullMarked;
