/** The tracer of modules, and the graph that it makes. */
@NullMarked
package dev.cotangent.onnx.internal.exporting;

import org.jspecify.annotations.NullMarked;
