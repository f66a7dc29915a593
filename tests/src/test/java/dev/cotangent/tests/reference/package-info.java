/** A naive backend: what every other is compared with, and a picture of how little a backend needs. */
@NullMarked
package dev.cotangent.tests.reference;

import org.jspecify.annotations.NullMarked;
