@NullMarked
package dev.cotangent.data.transform;

import org.jspecify.annotations.NullMarked;
