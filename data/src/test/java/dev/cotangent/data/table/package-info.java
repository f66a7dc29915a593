@NullMarked
package dev.cotangent.data.table;

import org.jspecify.annotations.NullMarked;
