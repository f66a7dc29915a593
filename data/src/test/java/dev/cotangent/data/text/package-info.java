@NullMarked
package dev.cotangent.data.text;

import org.jspecify.annotations.NullMarked;
