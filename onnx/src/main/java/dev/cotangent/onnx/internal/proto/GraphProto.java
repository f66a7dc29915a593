package dev.cotangent.onnx.internal.proto;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Nodes in the order in which they run, with named values between them. */
public record GraphProto(
        String name,
        List<NodeProto> nodes,
        List<TensorProto> initializers,
        List<ValueInfo> inputs,
        List<ValueInfo> outputs) {

    /**
     * Name and type of a value.
     *
     * @param kind whether it is a tensor
     * @param elementType the number of the tensor's dtype; 0 if it is no tensor or not known
     * @param dims its sizes; null if not known
     */
    public record ValueInfo(
            String name,
            Kind kind,
            int elementType,
            @Nullable List<Dim> dims) {}

    /** Kinds of values. */
    public enum Kind {
        /** A tensor, or not known. */
        TENSOR,
        /** A sequence of tensors. */
        SEQUENCE,
        /** A tensor or sequence that may be missing. */
        OPTIONAL,
        /** Anything else. */
        OTHER
    }

    /**
     * A size.
     *
     * @param value the size, -1 if it varies
     * @param name of a size that varies; may be empty
     */
    public record Dim(long value, String name) {}
}
