package dev.cotangent.autograd;

import dev.cotangent.CotangentException;
import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.autograd.VmapOptions.Randomness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Calls a function for each slice of its inputs and stacks the results. */
final class Vmap {
    private final Function<List<Tensor>, List<Tensor>> function;
    private final VmapOptions options;

    Vmap(Function<List<Tensor>, List<Tensor>> function, VmapOptions options) {
        this.function = function;
        this.options = options;
    }

    List<Tensor> apply(List<Tensor> inputs) {
        @Nullable Integer[] dims = inDims(inputs);
        long size = batchSize(inputs, dims);
        if (size == 0) return empty(inputs, dims);
        List<List<Tensor>> results = new ArrayList<>();
        Generator.State start =
                options.randomness() == Randomness.SAME ? Generator.standard().state() : null;
        for (long i = 0; i < size; i++) {
            if (start != null) Generator.standard().setState(start);
            List<Tensor> out = call(slice(inputs, dims, i));
            if (!results.isEmpty() && out.size() != results.getFirst().size()) {
                throw new ValueException("vmap: the function returned " + out.size() + " tensors for slice " + i
                        + " and " + results.getFirst().size() + " for the first");
            }
            results.add(out);
        }
        List<Tensor> stacked = new ArrayList<>();
        for (int k = 0; k < results.getFirst().size(); k++) {
            int number = k;
            List<Tensor> parts = results.stream().map(r -> r.get(number)).toList();
            stacked.add(Tensors.stack(parts, outDim(k, results.getFirst().size())));
        }
        return List.copyOf(stacked);
    }

    private List<Tensor> call(List<Tensor> slices) {
        if (options.randomness() != Randomness.ERROR) return Transforms.call(function, slices);
        return Generator.watchDraws(
                () -> {
                    throw new CotangentException("vmap: called random operation while in randomness error mode. Please"
                            + " either use the 'same' or 'different' randomness flags on vmap or perform the randomness"
                            + " operation out of vmap. In Java: options.randomness(Randomness.SAME or DIFFERENT).");
                },
                () -> Transforms.call(function, slices));
    }

    /** Returns empty outputs, with the shapes of a call with zeros. */
    private List<Tensor> empty(List<Tensor> inputs, @Nullable Integer[] dims) {
        List<Tensor> zeros = new ArrayList<>();
        for (int i = 0; i < dims.length; i++) {
            Tensor t = inputs.get(i);
            Integer dim = dims[i];
            zeros.add(dim == null ? t : t.sum(dim).zerosLike(t.dtype().device(t.device())));
        }
        List<Tensor> outputs = Transforms.call(function, zeros);
        List<Tensor> results = new ArrayList<>();
        for (int k = 0; k < outputs.size(); k++) {
            int dim = outDim(k, outputs.size());
            results.add(outputs.get(k).unsqueeze(dim).narrow(dim, 0, 0));
        }
        return List.copyOf(results);
    }

    private static List<Tensor> slice(List<Tensor> inputs, @Nullable Integer[] dims, long i) {
        List<Tensor> slices = new ArrayList<>(dims.length);
        for (int k = 0; k < dims.length; k++) {
            Integer dim = dims[k];
            slices.add(dim == null ? inputs.get(k) : inputs.get(k).select(dim, i));
        }
        return slices;
    }

    private int outDim(int output, int outputs) {
        List<Integer> dims = options.outDims();
        if (dims.isEmpty()) return 0;
        if (dims.size() == 1) return dims.getFirst();
        if (dims.size() != outputs) {
            throw new ValueException("vmap(..., out_dims=" + dims + ")(<inputs>): out_dims is not compatible with the"
                    + " structure of `outputs`. out_dims has " + dims.size() + " entries but the function returned "
                    + outputs + " tensors.");
        }
        return dims.get(output);
    }

    private @Nullable Integer[] inDims(List<Tensor> inputs) {
        if (inputs.isEmpty()) {
            throw new ValueException("vmap(...)(<inputs>): got no inputs. Maybe you forgot to add inputs, or you are"
                    + " trying to vmap over a function with no inputs. The latter is unsupported.");
        }
        List<@Nullable Integer> given = options.inDims();
        @Nullable Integer[] dims = new Integer[inputs.size()];
        if (given.isEmpty()) Arrays.fill(dims, 0);
        else if (given.size() == dims.length) given.toArray(dims);
        else if (given.size() == 1) Arrays.fill(dims, given.getFirst());
        else {
            throw new ValueException("vmap(..., in_dims=" + given + ", ...)(<inputs>): in_dims is not compatible with"
                    + " the structure of `inputs`. in_dims has " + given.size() + " entries but there are "
                    + dims.length + " inputs.");
        }
        for (int i = 0; i < dims.length; i++) {
            Integer dim = dims[i];
            if (dim == null) continue;
            int rank = inputs.get(i).dim();
            if (dim < -rank || dim >= rank) {
                throw new ValueException("vmap(..., in_dims=" + Arrays.asList(dims) + ", ...)(<inputs>): Got in_dim="
                        + dim + " for some input, but that input is a Tensor of dimensionality " + rank
                        + " so expected in_dim to satisfy -" + rank + " <= in_dim < " + rank + ".");
            }
        }
        return dims;
    }

    private static long batchSize(List<Tensor> inputs, @Nullable Integer[] dims) {
        List<Long> sizes = new ArrayList<>();
        for (int i = 0; i < dims.length; i++) {
            Integer dim = dims[i];
            if (dim != null) sizes.add(inputs.get(i).size(dim));
        }
        if (sizes.isEmpty()) throw new ValueException("vmap: Expected at least one Tensor to vmap over");
        for (long size : sizes) {
            if (size != sizes.getFirst()) {
                throw new ValueException("vmap: Expected all tensors to have the same size in the mapped dimension, got"
                        + " sizes " + sizes + " for the mapped dimension");
            }
        }
        return sizes.getFirst();
    }
}
