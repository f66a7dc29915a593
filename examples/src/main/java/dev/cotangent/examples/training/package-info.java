/** What the example trainings share: their options and pictures. */
@NullMarked
package dev.cotangent.examples.training;

import org.jspecify.annotations.NullMarked;
