/**
 * ONNX: {@link Onnx#export(dev.cotangent.nn.Module, java.nio.file.Path, dev.cotangent.Tensor...)} writes a module that was traced by running it, {@link Onnx#load} reads a model as a module
 * that computes, and is differentiated, here.
 *
 * <p>A file is treated as hostile: nothing in it is run, no memory is allocated that it does not have the bytes for, and a
 * broken one gives one {@link OnnxException}.
 */
@NullMarked
package dev.cotangent.onnx;

import org.jspecify.annotations.NullMarked;
