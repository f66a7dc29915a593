/** Tests of the backend that need its inside. */
@NullMarked
package dev.cotangent.cuda;

import org.jspecify.annotations.NullMarked;
