/** The tutorials and the semantics that they rely on, in Java. */
@NullMarked
package dev.cotangent.examples.tour.seeds;

import org.jspecify.annotations.NullMarked;
