@NullMarked
package dev.cotangent.data;

import org.jspecify.annotations.NullMarked;
