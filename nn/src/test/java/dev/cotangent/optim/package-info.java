@NullMarked
package dev.cotangent.optim;

import org.jspecify.annotations.NullMarked;
