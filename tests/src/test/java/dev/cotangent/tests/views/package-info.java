/** Where tensors come from, what views and index expressions do, and that random numbers are as they should be. */
@NullMarked
package dev.cotangent.tests.views;

import org.jspecify.annotations.NullMarked;
