/** A residual network on Fashion-MNIST. */
@NullMarked
package dev.cotangent.examples.fashion;

import org.jspecify.annotations.NullMarked;
