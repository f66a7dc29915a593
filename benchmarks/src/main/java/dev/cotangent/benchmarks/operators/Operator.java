package dev.cotangent.benchmarks.operators;

import dev.cotangent.Tensor;
import java.util.List;

/**
 * One line of the table: an operation here and in PyTorch.
 *
 * @param name PyTorch's name, with the kind of argument where there are several
 * @param python what PyTorch computes, a lambda without the word: {@code x, y: torch.add(x, y)}
 * @param call what we compute of the same operands, in the same order: a tensor, a list or a record of tensors
 * @param differentiable whether forward with backward is measured as well
 * @param compared whether both results must be equal, which random numbers are not
 * @param sizes about how many elements the operands have; see {@code operands.txt}
 */
public record Operator(
        String name, String python, Call call, boolean differentiable, boolean compared, List<Integer> sizes) {
    /** Calls our operation. */
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
