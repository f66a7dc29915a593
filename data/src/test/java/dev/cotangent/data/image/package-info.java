@NullMarked
package dev.cotangent.data.image;

import org.jspecify.annotations.NullMarked;
