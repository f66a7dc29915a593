/** Text in files: lines, characters and blocks for language models. */
@NullMarked
package dev.cotangent.data.text;

import org.jspecify.annotations.NullMarked;
