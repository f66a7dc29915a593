@NullMarked
package dev.cotangent.onnx;

import org.jspecify.annotations.NullMarked;
