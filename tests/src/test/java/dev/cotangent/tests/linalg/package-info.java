@NullMarked
package dev.cotangent.tests.linalg;

import org.jspecify.annotations.NullMarked;
