package dev.cotangent.benchmarks.operators;

import dev.cotangent.Dtype;
import dev.cotangent.MinMax;
import dev.cotangent.Normalized;
import dev.cotangent.StdMean;
import dev.cotangent.Tensor;
import dev.cotangent.Unique;
import dev.cotangent.ValuesIndices;
import dev.cotangent.VarMean;
import dev.cotangent.benchmarks.Work;
import dev.cotangent.internal.Internals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One operation on its operands, forward or forward with backward. */
final class OperatorWork implements Work {
    private final Operator.Call call;
    private final Tensor[] operands;
    private final Tensor[] leaves;
    private final Operands source;
    private @Nullable Tensor cotangent;

    OperatorWork(Operator operator, int size, boolean backward, Operands source) {
        List<String> names = operator.operands();
        this.call = operator.call();
        this.source = source;
        operands = new Tensor[names.size()];
        List<Tensor> leaves = new ArrayList<>();
        for (int i = 0; i < operands.length; i++) {
            operands[i] = source.get(names.get(i), size);
            if (backward && Operands.requiresGrad(names.get(i))) {
                operands[i] = operands[i].detach().requiresGrad_(true);
                leaves.add(operands[i]);
            }
        }
        this.leaves = leaves.toArray(Tensor[]::new);
    }

    /** Creates the cotangent before the measurement, as it must outlive the scope of a run. */
    @Override
    public void reset() {
        if (leaves.length > 0 && cotangent == null) cotangent = source.cotangent(first(call.on(operands)));
    }

    @Override
    public Tensor run() {
        for (Tensor leaf : leaves) Internals.clearGrad(leaf);
        Tensor out = first(call.on(operands));
        if (cotangent != null) out.backward(cotangent);
        return out;
    }

    /** Returns the first tensor of a result, and materializes the others. */
    private static Tensor first(Object result) {
        if (result instanceof Tensor t) return t;
        List<Tensor> all = tensors(result);
        for (Tensor t : all) Internals.strided(t);
        return all.getFirst();
    }

    private static List<Tensor> tensors(Object result) {
        return switch (result) {
            case Tensor t -> List.of(t);
            case List<?> list -> list.stream().map(Tensor.class::cast).toList();
            case ValuesIndices r -> List.of(r.values(), r.indices());
            case MinMax r -> List.of(r.min(), r.max());
            case VarMean r -> List.of(r.var(), r.mean());
            case StdMean r -> List.of(r.std(), r.mean());
            case Normalized r -> List.of(r.output(), r.mean(), r.rstd());
            case Unique r ->
                Arrays.asList(r.output(), r.inverseIndices(), r.counts()).stream()
                        .filter(Objects::nonNull)
                        .toList();
            default -> throw new IllegalArgumentException("not a result: " + result.getClass());
        };
    }

    @Override
    public List<Tensor> outcome() {
        List<Tensor> all = new ArrayList<>();
        if (leaves.length == 0) {
            all.addAll(tensors(call.on(operands)));
        } else {
            all.add(run());
            for (Tensor leaf : leaves) {
                Tensor grad = leaf.grad();
                if (grad != null) all.add(grad);
            }
        }
        return all.stream().map(t -> t.detach().to(Dtype.FLOAT32)).toList();
    }
}
