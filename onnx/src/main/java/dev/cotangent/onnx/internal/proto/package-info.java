/** The messages of ONNX files, and their reader and writer. */
@NullMarked
package dev.cotangent.onnx.internal.proto;

import org.jspecify.annotations.NullMarked;
