/** The tour: runs the fragments of the tutorials and shows each with its output. */
@NullMarked
package dev.cotangent.examples.tour;

import org.jspecify.annotations.NullMarked;
