/** Event files. */
@NullMarked
package dev.cotangent.io.tensorboard;

import org.jspecify.annotations.NullMarked;
