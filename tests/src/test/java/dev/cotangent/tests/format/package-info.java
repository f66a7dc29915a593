/** Printing and files of arrays, against what PyTorch and NumPy print and write. */
@NullMarked
package dev.cotangent.tests.format;

import org.jspecify.annotations.NullMarked;
