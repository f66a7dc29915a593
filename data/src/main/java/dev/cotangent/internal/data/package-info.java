/** What the readers of files share. */
@NullMarked
package dev.cotangent.internal.data;

import org.jspecify.annotations.NullMarked;
