package dev.cotangent.onnx;

import dev.cotangent.CotangentException;

/** An ONNX file that is broken or has what is not supported, or a module that has no ONNX form. */
public final class OnnxException extends CotangentException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception with a message. */
    public OnnxException(String message) {
        super(message);
    }

    /** Creates an exception with a message and a cause. */
    public OnnxException(String message, Throwable cause) {
        super(message, cause);
    }
}
