/** What a real PyTorch computed, against what this library computes: the golden data, read from any folder of its format. */
@NullMarked
package dev.cotangent.tests.golden;

import org.jspecify.annotations.NullMarked;
