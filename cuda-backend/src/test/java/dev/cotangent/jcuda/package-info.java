/** Tests of the backend that need its inside. */
@NullMarked
package dev.cotangent.jcuda;

import org.jspecify.annotations.NullMarked;
