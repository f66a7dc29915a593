package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Scatter;
import dev.cotangent.backend.Strided;

/** Gather and scatter: places computed a block at a time, then read or written. */
final class Indexer {
    private Indexer() {}

    static void gather(Pool pool, Strided in, int dim, Strided index, Strided out) {
        Elements elements = Elements.of(out.dtype());
        Walk to = Walk.of(out.layout());
        Places places = new Places(in.layout(), dim, index);
        pool.run(out.numel(), Registers.BLOCK, 20, (first, end) -> {
            Registers mine = Registers.mine();
            Object register = mine.get(Kind.of(out.dtype()), Registers.LAST);
            int[] at = new int[(int) Math.min(Registers.BLOCK, end - first)];
            for (long from = first; from < end; from += Registers.BLOCK) {
                int n = (int) Math.min(Registers.BLOCK, end - from);
                places.of(from, at, n);
                elements.pick(in.storage().memory(), at, register, n);
                to.store(elements, register, 0, out.storage().memory(), from, n);
            }
        });
    }

    /** In one thread: several elements may go to one place, and their order counts. */
    static void scatter(Scatter kind, Strided to, int dim, Strided index, Strided from) {
        Elements elements = Elements.of(to.dtype());
        Walk source = Walk.of(from.layout());
        Places places = new Places(to.layout(), dim, index);
        long numel = from.numel();
        Object memory = to.storage().memory();
        Object register = Registers.mine().get(Kind.of(to.dtype()), Registers.LAST);
        int[] at = new int[(int) Math.min(Registers.BLOCK, numel)];
        for (long first = 0; first < numel; first += Registers.BLOCK) {
            places.of(first, at, (int) Math.min(Registers.BLOCK, numel - first));
        }
        for (long first = 0; first < numel; first += Registers.BLOCK) {
            int n = (int) Math.min(Registers.BLOCK, numel - first);
            places.of(first, at, n);
            source.load(elements, from.storage().memory(), first, register, n);
            if (kind == Scatter.SET) elements.put(register, memory, at, n);
            else if (kind == Scatter.ADD && to.dtype() == Dtype.FLOAT32)
                add((float[]) register, (float[]) memory, at, n);
            else join(kind, to.dtype(), elements, register, memory, at, n);
        }
    }

    private static void add(float[] values, float[] to, int[] at, int n) {
        for (int i = 0; i < n; i++) to[at[i]] += values[i];
    }

    /** One element after the other, for the next may go to the same place. */
    private static void join(Scatter kind, Dtype dtype, Elements elements, Object values, Object to, int[] at, int n) {
        Object old = Kind.of(dtype).allocate(1);
        int[] place = new int[1];
        for (int i = 0; i < n; i++) {
            place[0] = at[i];
            elements.pick(to, place, old, 1);
            switch (old) {
                case float[] o -> o[0] = (float) join(kind, o[0], ((float[]) values)[i]);
                case double[] o -> o[0] = join(kind, o[0], ((double[]) values)[i]);
                case long[] o -> o[0] = join(kind, o[0], ((long[]) values)[i]);
                case boolean[] o -> o[0] = join(kind, o[0] ? 1 : 0L, ((boolean[]) values)[i] ? 1 : 0L) != 0;
                default -> throw new IllegalStateException();
            }
            elements.put(old, to, place, 1);
        }
    }

    private static double join(Scatter kind, double old, double value) {
        return switch (kind) {
            case SET -> value;
            case ADD -> old + value;
            case MUL -> old * value;
            case MAX -> Math.max(old, value);
            case MIN -> Math.min(old, value);
        };
    }

    private static long join(Scatter kind, long old, long value) {
        return switch (kind) {
            case SET -> value;
            case ADD -> old + value;
            case MUL -> old * value;
            case MAX -> Math.max(old, value);
            case MIN -> Math.min(old, value);
        };
    }

    /** Where in a layout the elements are that an index along a dimension names, checked. */
    private static final class Places {
        private final int dim;
        private final long size;
        private final int step;
        private final Walk base;
        private final Walk index;
        private final Object indices;

        Places(Layout layout, int dim, Strided index) {
            this.dim = dim;
            boolean scalar = layout.rank() == 0;
            size = scalar ? 1 : layout.size(dim);
            step = scalar ? 0 : (int) layout.stride(dim);
            Layout shape = index.layout();
            long[] strides = layout.strides().clone();
            if (!scalar) strides[dim] = 0;
            base = shape.rank() == layout.rank()
                    ? Walk.of(Layout.of(shape.sizes(), strides, layout.offset()))
                    : Walk.of(Layout.of(shape.sizes(), new long[shape.rank()], layout.offset()));
            this.index = Walk.of(shape);
            indices = index.storage().memory();
        }

        void of(long from, int[] at, int n) {
            long[] i = (long[]) Registers.mine().get(Kind.LONG, Registers.LAST - 1);
            index.load(Elements.of(Dtype.INT64), indices, from, i, n);
            base.places(from, at, n);
            for (int k = 0; k < n; k++) {
                if (i[k] < 0 || i[k] >= size) {
                    throw new IndexException(
                            "index " + i[k] + " is out of bounds for dimension " + dim + " with size " + size);
                }
                at[k] += (int) i[k] * step;
            }
        }
    }
}
