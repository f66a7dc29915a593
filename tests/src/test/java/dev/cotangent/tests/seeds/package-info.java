/** The seed tutorials against what PyTorch prints and raises. */
@NullMarked
package dev.cotangent.tests.seeds;

import org.jspecify.annotations.NullMarked;
