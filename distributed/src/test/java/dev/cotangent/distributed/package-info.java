@NullMarked
package dev.cotangent.distributed;

import org.jspecify.annotations.NullMarked;
