package dev.cotangent.benchmarks.operators;

import dev.cotangent.Tensor;
import java.util.List;

/**
 * One row of the table: an operation in Cotangent and in PyTorch.
 *
 * @param name PyTorch's name, with the kind of argument if there are several
 * @param python PyTorch's computation, a lambda without the keyword: {@code x, y: torch.add(x, y)}
 * @param call our computation from the same operands, in the same order: a tensor, a list or a record of tensors
 * @param differentiable whether forward with backward is measured as well
 * @param compared whether both results must be equal, unlike random numbers
 * @param sizes approximate numbers of elements of the operands; see {@code operands.txt}
 */
public record Operator(
        String name, String python, Call call, boolean differentiable, boolean compared, List<Integer> sizes) {
    /** A call of our operation. */
    @FunctionalInterface
    public interface Call {
        /** Returns its result for these operands. */
        Object on(Tensor[] operands);
    }

    /** Returns the names of the operands, in order. */
    public List<String> operands() {
        String names = python.substring(0, python.indexOf(':')).strip();
        return names.isEmpty() ? List.of() : List.of(names.split(", *"));
    }
}
