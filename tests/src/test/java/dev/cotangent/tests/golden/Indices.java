package dev.cotangent.tests.golden;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Index;
import dev.cotangent.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands between Python's brackets, as indices. */
final class Indices {
    private Indices() {}

    /** Returns the parts of an index. */
    static List<Index> of(@Nullable Object index, Device device) {
        List<Index> out = new ArrayList<>();
        for (Object part : parts(index)) out.add(part(part, device));
        return out;
    }

    /**
     * Returns the parts of an index: a list is a tuple if it holds anything but numbers, else the indices of one
     * dimension.
     */
    private static List<? extends @Nullable Object> parts(@Nullable Object index) {
        if (index instanceof Arg.Tuple t) return t.items();
        boolean several = index instanceof List<?> list
                && list.stream().anyMatch(i -> !(i instanceof Number || i instanceof Boolean));
        return several ? (List<?>) index : java.util.Collections.singletonList(index);
    }

    private static Index part(@Nullable Object part, Device device) {
        return switch (part) {
            case null -> Index.newAxis();
            case Long i -> Index.at(i);
            case Tensor t -> Index.of(t);
            case Arg.Ellipsis e -> Index.ellipsis();
            case Arg.Slice(var start, var stop, var step) -> new Index.Slice(start, stop, step == null ? 1 : step);
            case Boolean b ->
                Index.of(HostTensor.of(Dtype.BOOL, new long[0], b ? 1 : 0).toTensor(device));
            case List<?> list -> Index.of(tensor(list, device));
            default -> throw new NotOffered("no index of " + part);
        };
    }

    private static Tensor tensor(List<?> nested, Device device) {
        List<Long> sizes = new ArrayList<>();
        for (Object level = nested; level instanceof List<?> l; level = l.isEmpty() ? null : l.getFirst())
            sizes.add((long) l.size());
        List<Object> flat = new ArrayList<>();
        flatten(nested, flat);
        boolean truth = !flat.isEmpty() && flat.getFirst() instanceof Boolean;
        double[] values = flat.stream()
                .mapToDouble(v -> v instanceof Boolean b ? (b ? 1 : 0) : ((Number) v).doubleValue())
                .toArray();
        long[] shape = sizes.stream().mapToLong(Long::longValue).toArray();
        return HostTensor.of(truth ? Dtype.BOOL : Dtype.INT64, shape, values).toTensor(device);
    }

    private static void flatten(Object value, List<Object> out) {
        if (value instanceof List<?> list) list.forEach(v -> flatten(v, out));
        else out.add(value);
    }
}
