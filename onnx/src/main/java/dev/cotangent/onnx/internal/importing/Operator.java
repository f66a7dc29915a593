package dev.cotangent.onnx.internal.importing;

import dev.cotangent.Tensor;
import java.util.List;

/**
 * An operator of the table: since which version of the operator set it is computed as here.
 *
 * @param name the operator's name; of a domain other than ONNX's own, behind it and a point
 * @param versions the versions that changed it and that are covered, the first being the oldest that works
 */
public record Operator(String name, int[] versions, Body body) {
    /** Computes a node. */
    @FunctionalInterface
    public interface Body {
        /** Returns the outputs. */
        List<Value> run(Call call);
    }

    /** Computes a node of one output. */
    @FunctionalInterface
    public interface TensorBody {
        /** Returns the output. */
        Tensor run(Call call);
    }

    /** Returns the oldest version that works. */
    public int first() {
        return versions[0];
    }
}
