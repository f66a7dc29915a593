/**
 * Files of tensors: PyTorch's {@code .pt} and {@code .pth}, safetensors, NumPy's {@code .npy} and {@code .npz}, and
 * checkpoints of a whole training.
 *
 * <p>Every reader treats its file as hostile: nothing in it is run, no memory is allocated that the file does not have
 * the bytes for, and a broken file raises one {@link FileFormatException} and no part of its content. Every writer
 * replaces its file as a whole.
 */
@NullMarked
package dev.cotangent.io;

import org.jspecify.annotations.NullMarked;
