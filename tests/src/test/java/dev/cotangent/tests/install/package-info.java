/** What users start from: the README's commands and the launcher. */
@NullMarked
package dev.cotangent.tests.install;

import org.jspecify.annotations.NullMarked;
