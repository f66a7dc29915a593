@NullMarked
package dev.cotangent.tests.fft;

import org.jspecify.annotations.NullMarked;
