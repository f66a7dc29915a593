package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import org.jspecify.annotations.Nullable;

/**
 * Attention in blocks of queries and keys with a running softmax, so that no matrix of all scores is in memory: T. Dao and
 * others, FlashAttention, 2022. Products are those of {@link Gemm}, functions of scores are {@link RowPass}es.
 */
final class AttentionLoops {
    /** Queries and keys of a block: its scores fit the second cache, and the queries' products are worth packing keys for. */
    private static final int QUERIES = 128;

    private static final int KEYS = 256;

    /** Tenths of a nanosecond for a score, without the products. */
    private static final int SCORE = 6;

    private static final WorkerPool ALONE = new WorkerPool(1);

    private final LoopKernels kernels;
    private final WorkerPool pool;
    private final MatMul products;
    private final Dtype wide;
    private final RegisterType kind;
    private final Strided q;
    private final Strided k;
    private final Strided v;
    private final @Nullable Strided mask;
    private final boolean causal;
    private final double scale;
    private final int queries;
    private final int keys;
    private final int features;
    private final int values;
    private final int batch;

    AttentionLoops(
            LoopKernels kernels,
            WorkerPool pool,
            MatMul products,
            Strided q,
            Strided k,
            Strided v,
            @Nullable Strided mask,
            boolean causal,
            double scale) {
        this.kernels = kernels;
        this.pool = pool;
        this.products = products;
        this.wide = q.dtype().computeType();
        this.kind = RegisterType.of(q.dtype());
        this.q = q;
        this.k = k;
        this.v = v;
        this.mask = mask;
        this.causal = causal;
        this.scale = scale;
        int rank = q.layout().rank();
        queries = (int) q.layout().size(rank - 2);
        features = (int) q.layout().size(rank - 1);
        keys = (int) k.layout().size(rank - 2);
        values = (int) v.layout().size(rank - 1);
        long n = 1;
        for (int d = 0; d < rank - 2; d++) n *= q.layout().size(d);
        batch = (int) n;
    }

    /** Returns whether there is anything to compute. */
    static boolean takes(Strided q, Strided k, Strided v) {
        return q.numel() > 0 && k.numel() > 0 && v.numel() > 0;
    }

    /** Returns the offset of a matrix of a batch. */
    private static int start(Layout l, int number, int trailing) {
        long at = l.offset();
        for (int d = l.rank() - trailing - 1; d >= 0; d--) {
            at += number % l.size(d) * l.stride(d);
            number /= (int) l.size(d);
        }
        return (int) at;
    }

    /** Returns one matrix of a batch, copied if its elements need a conversion. */
    private Gemm.Matrix matrix(Strided x, int number) {
        Layout l = x.layout();
        int rank = l.rank();
        int at = start(l, number, 2);
        int rowStep = (int) l.stride(rank - 2);
        int step = (int) l.stride(rank - 1);
        RegisterCodec elements = RegisterCodec.of(x.dtype());
        if (x.dtype() == wide) return new Gemm.Matrix(elements, x.storage().memory(), at, rowStep, step);
        int rows = (int) l.size(rank - 2);
        int columns = (int) l.size(rank - 1);
        Object copy = kind.allocate(rows * columns);
        for (int r = 0; r < rows; r++) {
            elements.load(x.storage().memory(), at + r * rowStep, step, copy, r * columns, columns);
        }
        return new Gemm.Matrix(RegisterCodec.of(wide), copy, 0, columns, 1);
    }

    private Gemm.Matrix fresh(int rows, int columns) {
        return new Gemm.Matrix(RegisterCodec.of(wide), kind.allocate(rows * columns), 0, columns, 1);
    }

    private static Gemm.Matrix transposed(Gemm.Matrix m) {
        return new Gemm.Matrix(m.elements(), m.memory(), m.start(), m.columnStep(), m.rowStep());
    }

    private long work() {
        return (long) queries * keys * (2L * (features + values) / Gemm.SPEED + SCORE);
    }

    /** Works as {@link dev.cotangent.backend.Backend#attention}. */
    void forward(Strided out, Strided logs) {
        int blocks = Math.ceilDiv(queries, QUERIES);
        products.tile(wide, (long) batch * queries * keys * features);
        pool.run((long) batch * blocks, 1, work() / blocks + 1, (from, to) -> {
            Block block = new Block();
            Gemm.Matrix sums = fresh(QUERIES, values);
            int known = -1;
            Gemm.Matrix a = null;
            Gemm.Matrix b = null;
            Gemm.Matrix c = null;
            for (long task = from; task < to; task++) {
                int n = (int) (task / blocks);
                if (n != known || a == null) {
                    a = matrix(q, n);
                    b = matrix(k, n);
                    c = matrix(v, n);
                    known = n;
                }
                int first = (int) (task % blocks) * QUERIES;
                block.forward(n, first, Math.min(QUERIES, queries - first), a, b, c, sums, out, logs);
            }
        });
    }

    /** The working memory of a thread. */
    private final class Block {
        private final Gemm.Matrix scores = fresh(QUERIES, KEYS);
        private final Gemm.Matrix scaled = fresh(QUERIES, features);
        private final MicroKernel tile = products.tile(wide, 0);
        private final Gemm gemm = Gemm.mine(kind, tile);
        private final Object shift = kind.allocate(QUERIES);
        private final Object result = kind.allocate(QUERIES);
        private final Object scratch = kind.allocate(Registers.BLOCK);
        private final double[] max = new double[QUERIES];
        private final double[] total = new double[QUERIES];
        private final RowLoop maxPass = kernels.pass(RowPass.MAX, wide, (long) queries * keys);
        private final RowLoop expPass = kernels.pass(RowPass.EXP, wide, (long) queries * keys);

        private void scale(Gemm.Matrix from, int first, int rows) {
            for (int r = 0; r < rows; r++) {
                from.elements()
                        .load(
                                from.memory(),
                                from.start() + (first + r) * from.rowStep(),
                                from.columnStep(),
                                scaled.memory(),
                                r * features,
                                features);
            }
            times(scaled.memory(), 0, rows * features, scale);
        }

        /** Computes the scores of a block: scaled products plus the mask. */
        private void scores(Gemm.Matrix from, Gemm.Matrix keysOf, int n, int first, int rows, int key, int columns) {
            gemm.multiply(ALONE, rows, columns, features, from, transposed(keysOf.from(key, 0)), null, scores);
            if (mask != null) addMask(mask, n, first, rows, key, columns);
            if (!causal || key + columns - 1 <= first) return;
            for (int r = 0; r < rows; r++) {
                int seen = Math.clamp(first + r + 1L - key, 0, columns);
                fill(scores.memory(), r * KEYS + seen, r * KEYS + columns, Double.NEGATIVE_INFINITY);
            }
        }

        private void addMask(Strided m, int n, int first, int rows, int key, int columns) {
            Layout l = m.layout();
            int rank = l.rank();
            int rowStep = (int) l.stride(rank - 2);
            int step = (int) l.stride(rank - 1);
            int at = start(l, n, 2) + first * rowStep + key * step;
            boolean isBool = m.dtype() == Dtype.BOOL;
            Object line = isBool ? RegisterType.BOOL.allocate(columns) : kind.allocate(columns);
            RegisterCodec elements = RegisterCodec.of(m.dtype());
            boolean narrow = !isBool && kind == RegisterType.DOUBLE && m.dtype() != Dtype.FLOAT64;
            if (narrow) line = RegisterType.FLOAT.allocate(columns);
            for (int r = 0; r < rows; r++) {
                elements.load(m.storage().memory(), at + r * rowStep, step, line, 0, columns);
                add(line, scores.memory(), r * KEYS, columns);
            }
        }

        void forward(
                int n,
                int first,
                int rows,
                Gemm.Matrix a,
                Gemm.Matrix b,
                Gemm.Matrix c,
                Gemm.Matrix sums,
                Strided out,
                Strided logs) {
            scale(a, first, rows);
            for (int r = 0; r < rows; r++) max[r] = Double.NEGATIVE_INFINITY;
            java.util.Arrays.fill(total, 0);
            int end = causal ? Math.min(keys, first + rows) : keys;
            boolean begun = false;
            for (int key = 0; key < end; key += KEYS) {
                int columns = Math.min(KEYS, end - key);
                scores(scaled, b, n, first, rows, key, columns);
                Object s = scores.memory();
                maxPass.run(new Object[] {s, result, scratch}, new int[3], new int[] {KEYS, KEYS, 0}, rows, columns);
                for (int r = 0; r < rows; r++) {
                    double now = Math.max(max[r], get(result, r));
                    double factor = now == max[r] ? 1 : Math.exp(max[r] - now);
                    if (now == Double.NEGATIVE_INFINITY) factor = 1;
                    max[r] = now;
                    total[r] *= factor;
                    set(shift, r, now == Double.NEGATIVE_INFINITY ? 0 : now);
                    if (begun && factor != 1) times(sums.memory(), r * values, values, factor);
                }
                exp(rows, columns);
                for (int r = 0; r < rows; r++) total[r] += get(result, r);
                gemm.multiply(ALONE, rows, values, columns, scores, c.from(key, 0), begun ? sums : null, sums);
                begun = true;
            }
            if (!begun) RegisterType.clear(sums.memory(), 0, rows * values);
            finish(n, first, rows, sums, out, logs);
        }

        /** Computes the exponentials of scores less their row's shift, and their sums. */
        private void exp(int rows, int columns) {
            Object s = scores.memory();
            expPass.run(
                    new Object[] {s, shift, s, result, scratch},
                    new int[5],
                    new int[] {KEYS, 0, KEYS, KEYS, 0},
                    rows,
                    columns);
        }

        private void finish(int n, int first, int rows, Gemm.Matrix sums, Strided out, Strided logs) {
            Layout to = out.layout();
            int rank = to.rank();
            int at = start(to, n, 2) + first * (int) to.stride(rank - 2);
            int log = start(logs.layout(), n, 1) + first * (int) logs.layout().stride(rank - 2);
            for (int r = 0; r < rows; r++) {
                boolean isBlind = total[r] == 0;
                times(sums.memory(), r * values, values, isBlind ? 0 : 1 / total[r]);
                RegisterCodec.of(wide)
                        .store(
                                sums.memory(),
                                r * values,
                                out.storage().memory(),
                                at + r * (int) to.stride(rank - 2),
                                (int) to.stride(rank - 1),
                                values);
                double value = isBlind ? Double.NEGATIVE_INFINITY : max[r] + Math.log(total[r]);
                set(logs.storage().memory(), log + r * (int) logs.layout().stride(rank - 2), value);
            }
        }
    }

    /** Works as {@link dev.cotangent.backend.Backend#attentionBackward}. */
    void backward(Strided g, Strided out, Strided logs, Strided ofQ, Strided ofK, Strided ofV) {
        products.tile(wide, (long) batch * queries * keys * features);
        // Each by one thread, or the products of one by all.
        WorkerPool one = batch < pool.threads() ? pool : ALONE;
        WorkerPool several = one == pool ? ALONE : pool;
        several.run(batch, 1, work() * 5 / 2, (from, to) -> {
            Gradient gradient = new Gradient(one);
            for (long n = from; n < to; n++) gradient.run((int) n, g, out, logs, ofQ, ofK, ofV);
        });
    }

    /** The working memory of a thread for gradients: of blocks of keys, and of all queries. */
    private final class Gradient {
        private final WorkerPool one;
        private final Block block = new Block();
        private final Gemm.Matrix slopes = fresh(QUERIES, KEYS);
        private final Gemm.Matrix query = fresh(queries, features);
        private final Gemm.Matrix sumQ = fresh(queries, features);
        private final Gemm.Matrix sumK = fresh(KEYS, features);
        private final Gemm.Matrix sumV = fresh(KEYS, values);
        private final Object log = kind.allocate(queries);
        private final Object delta = kind.allocate(queries);
        private final RowLoop slopePass = kernels.pass(RowPass.SOFTMAX_GRADIENT, wide, (long) queries * keys);
        private final RowLoop dotPass = kernels.pass(RowPass.DOT, wide, (long) queries * values);

        Gradient(WorkerPool one) {
            this.one = one;
        }

        void run(int n, Strided gradient, Strided out, Strided logs, Strided ofQ, Strided ofK, Strided ofV) {
            Gemm.Matrix g = matrix(gradient, n);
            Gemm.Matrix a = matrix(q, n);
            Gemm.Matrix b = matrix(k, n);
            Gemm.Matrix c = matrix(v, n);
            rows(a, queries, features, query.memory());
            times(query.memory(), 0, queries * features, scale);
            prepare(n, g, matrix(out, n), logs);
            RegisterType.clear(sumQ.memory(), 0, queries * features);
            for (int key = 0; key < keys; key += KEYS) {
                int columns = Math.min(KEYS, keys - key);
                RegisterType.clear(sumK.memory(), 0, KEYS * features);
                RegisterType.clear(sumV.memory(), 0, KEYS * values);
                int from = causal ? key / QUERIES * QUERIES : 0;
                for (int first = from; first < queries; first += QUERIES) {
                    step(n, g, b, c, key, columns, first, Math.min(QUERIES, queries - first));
                }
                store(sumK, ofK, n, key, columns, features);
                store(sumV, ofV, n, key, columns, values);
            }
            times(sumQ.memory(), 0, queries * features, scale);
            store(sumQ, ofQ, n, 0, queries, features);
        }

        /** Computes the logarithms, and the sums of the products of gradient and result. */
        private void prepare(int n, Gemm.Matrix g, Gemm.Matrix out, Strided logs) {
            Object x = packed(g, queries, values);
            Object y = packed(out, queries, values);
            for (int e = 0; e < values; e += Registers.BLOCK) {
                Object part = kind.allocate(queries);
                dotPass.run(
                        new Object[] {x, y, part, block.scratch},
                        new int[] {e, e, 0, 0},
                        new int[] {values, values, values, 0},
                        queries,
                        Math.min(Registers.BLOCK, values - e));
                for (int r = 0; r < queries; r++) set(delta, r, (e == 0 ? 0 : get(delta, r)) + get(part, r));
            }
            Layout l = logs.layout();
            int at = start(l, n, 1);
            for (int r = 0; r < queries; r++) {
                double value = get(logs.storage().memory(), at + r * (int) l.stride(l.rank() - 1));
                // Of a query that sees nothing all scores are -infinity.
                set(log, r, value == Double.NEGATIVE_INFINITY ? 0 : value);
            }
        }

        private Object packed(Gemm.Matrix m, int rows, int columns) {
            Object copy = kind.allocate(rows * columns);
            rows(m, rows, columns, copy);
            return copy;
        }

        private void rows(Gemm.Matrix m, int rows, int columns, Object to) {
            for (int r = 0; r < rows; r++) {
                m.elements().load(m.memory(), m.start() + r * m.rowStep(), m.columnStep(), to, r * columns, columns);
            }
        }

        private void step(
                int n, Gemm.Matrix g, Gemm.Matrix b, Gemm.Matrix c, int key, int columns, int first, int rows) {
            block.scores(query.from(first, 0), b, n, first, rows, key, columns);
            Gemm.Matrix weights = block.scores;
            System.arraycopy(log, first, block.shift, 0, rows);
            block.exp(rows, columns);
            Gemm gemm = block.gemm;
            Gemm.Matrix part = g.from(first, 0);
            gemm.multiply(one, columns, values, rows, transposed(weights), part, sumV, sumV);
            gemm.multiply(one, rows, columns, values, part, transposed(c.from(key, 0)), null, slopes);
            slopePass.run(
                    new Object[] {slopes.memory(), weights.memory(), delta, slopes.memory(), block.scratch},
                    new int[] {0, 0, first, 0, 0},
                    new int[] {KEYS, KEYS, 0, KEYS, 0},
                    rows,
                    columns);
            Gemm.Matrix sums = sumQ.from(first, 0);
            gemm.multiply(one, rows, features, columns, slopes, b.from(key, 0), sums, sums);
            gemm.multiply(one, columns, features, rows, transposed(slopes), query.from(first, 0), sumK, sumK);
        }

        private void store(Gemm.Matrix from, Strided to, int n, int first, int rows, int columns) {
            Layout l = to.layout();
            int rank = l.rank();
            int rowStep = (int) l.stride(rank - 2);
            int at = start(l, n, 2) + first * rowStep;
            RegisterCodec elements = RegisterCodec.of(to.dtype());
            for (int r = 0; r < rows; r++) {
                elements.store(
                        from.memory(),
                        r * columns,
                        to.storage().memory(),
                        at + r * rowStep,
                        (int) l.stride(rank - 1),
                        columns);
            }
        }
    }

    private static double get(Object x, int i) {
        return x instanceof float[] f ? f[i] : ((double[]) x)[i];
    }

    private static void set(Object x, int i, double value) {
        if (x instanceof float[] f) f[i] = (float) value;
        else ((double[]) x)[i] = value;
    }

    private static void fill(Object x, int from, int to, double value) {
        if (x instanceof float[] f) java.util.Arrays.fill(f, from, to, (float) value);
        else java.util.Arrays.fill((double[]) x, from, to, value);
    }

    private static void times(Object x, int at, int n, double factor) {
        if (x instanceof float[] f) {
            float by = (float) factor;
            for (int i = at; i < at + n; i++) f[i] *= by;
        } else {
            double[] d = (double[]) x;
            for (int i = at; i < at + n; i++) d[i] *= factor;
        }
    }

    /** Adds a line of the mask, or sets what it hides to -infinity. */
    private static void add(Object line, Object to, int at, int n) {
        if (line instanceof boolean[] seen) {
            for (int i = 0; i < n; i++) if (!seen[i]) set(to, at + i, Double.NEGATIVE_INFINITY);
        } else if (to instanceof float[] y) {
            float[] x = (float[]) line;
            for (int i = 0; i < n; i++) y[at + i] += x[i];
        } else {
            double[] y = (double[]) to;
            for (int i = 0; i < n; i++) y[at + i] += get(line, i);
        }
    }
}
