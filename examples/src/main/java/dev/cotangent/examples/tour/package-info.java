/** The tour: runs the fragments of the seed tutorials and shows each with what it prints. */
@NullMarked
package dev.cotangent.examples.tour;

import org.jspecify.annotations.NullMarked;
