package dev.cotangent.onnx.internal.importing;

import dev.cotangent.Tensor;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The table of operators: one entry for each, with the versions that it covers. */
public final class Operators {
    private static final Map<String, Operator> TABLE = new TreeMap<>();

    static {
        ElementwiseOperators.register();
        ActivationOperators.register();
        ReductionOperators.register();
        MovementOperators.register();
        IndexingOperators.register();
        ConstantOperators.register();
        ConvolutionOperators.register();
        PoolingOperators.register();
        NormalizationOperators.register();
        ResizeOperators.register();
        LinearAlgebraOperators.register();
        RecurrentOperators.register();
        LossOperators.register();
        ControlOperators.register();
        SequenceOperators.register();
    }

    private Operators() {}

    /** Returns all operators by name. */
    public static Map<String, Operator> all() {
        return java.util.Collections.unmodifiableMap(TABLE);
    }

    /** Returns an operator, or null if there is none of that name. */
    public static @Nullable Operator find(String domain, String name) {
        return TABLE.get(domain.isEmpty() ? name : domain + "." + name);
    }

    static void add(String name, int[] versions, Operator.Body body) {
        if (TABLE.put(name, new Operator(name, versions, body)) != null) {
            throw new IllegalStateException(name + " is in the table twice");
        }
    }

    static void tensor(String name, int[] versions, Operator.TensorBody body) {
        add(name, versions, c -> Value.of(body.run(c)));
    }

    static void unary(String name, int[] versions, UnaryOperator<Tensor> body) {
        tensor(name, versions, c -> body.apply(c.x(0)));
    }

    static void binary(String name, int[] versions, BinaryOperator<Tensor> body) {
        tensor(name, versions, c -> body.apply(c.x(0), c.x(1)));
    }

    static int[] v(int... versions) {
        return versions;
    }
}
