/** What the pages for users say, held against the code. */
@NullMarked
package dev.cotangent.tests.docs;

import org.jspecify.annotations.NullMarked;
