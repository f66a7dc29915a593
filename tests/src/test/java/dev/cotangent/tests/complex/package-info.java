/** Complex numbers: values, views, gradients and refusals that the golden data do not have. */
@NullMarked
package dev.cotangent.tests.complex;

import org.jspecify.annotations.NullMarked;
