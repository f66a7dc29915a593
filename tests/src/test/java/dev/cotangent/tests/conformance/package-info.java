/** What every backend must do, checked against the reference backend; the rows come from the tables of the engine. */
@NullMarked
package dev.cotangent.tests.conformance;

import org.jspecify.annotations.NullMarked;
