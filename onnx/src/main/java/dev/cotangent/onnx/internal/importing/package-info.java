/** ONNX operators as tensor operations. */
@NullMarked
package dev.cotangent.onnx.internal.importing;

import org.jspecify.annotations.NullMarked;
