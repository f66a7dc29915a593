/** Language models of characters. */
@NullMarked
package dev.cotangent.examples.text;

import org.jspecify.annotations.NullMarked;
