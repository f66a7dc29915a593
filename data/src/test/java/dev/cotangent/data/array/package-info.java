@NullMarked
package dev.cotangent.data.array;

import org.jspecify.annotations.NullMarked;
