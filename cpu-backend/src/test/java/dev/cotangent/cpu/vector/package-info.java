/** Tests of what the Vector API loops are generated from. */
@NullMarked
package dev.cotangent.cpu.vector;

import org.jspecify.annotations.NullMarked;
