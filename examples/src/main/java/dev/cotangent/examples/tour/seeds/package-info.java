/** The seed tutorials and the semantics they rest on, fragment by fragment, in Java. */
@NullMarked
package dev.cotangent.examples.tour.seeds;

import org.jspecify.annotations.NullMarked;
