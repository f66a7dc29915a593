/** Loops written with the Vector API: the only package of the engine that needs the module {@code jdk.incubator.vector}. */
@NullMarked
package dev.cotangent.cpu.vector;

import org.jspecify.annotations.NullMarked;
