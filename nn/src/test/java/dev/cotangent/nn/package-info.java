@NullMarked
package dev.cotangent.nn;

import org.jspecify.annotations.NullMarked;
