package dev.cotangent.tests.conformance;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Distribution;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Strided;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import dev.cotangent.tests.reference.Cells;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Ops that a backend may have as one kernel, sizes at which work is shared out, and use by several threads. */
final class WholeOpConformance {
    private static final Dtype[] DTYPES = {Dtype.FLOAT32, Dtype.FLOAT64, Dtype.FLOAT16, Dtype.BFLOAT16};

    private WholeOpConformance() {}

    static Stream<Check> checks() {
        List<Check> checks = new ArrayList<>();
        for (Dtype dtype : DTYPES) {
            for (boolean log : new boolean[] {false, true}) {
                String name = (log ? "log_softmax " : "softmax ") + dtype.torchName();
                checks.add(new Check(name, t -> softmax(t, dtype, log)));
                checks.add(new Check("the gradient of " + name, t -> softmaxBackward(t, dtype, log)));
            }
        }
        for (Dtype dtype : DTYPES) {
            checks.add(new Check("normalize " + dtype.torchName(), t -> normalize(t, dtype)));
            checks.add(new Check("the gradient of normalize " + dtype.torchName(), t -> normalizeBackward(t, dtype)));
            checks.add(new Check("nll " + dtype.torchName(), t -> nll(t, dtype)));
        }
        checks.add(new Check("a million elements", WholeOpConformance::million));
        checks.add(new Check("several threads", WholeOpConformance::threads));
        return checks.stream();
    }

    private static void softmax(Trial t, Dtype dtype, boolean log) {
        double relative = dtype == Dtype.FLOAT64 ? 1e-13 : dtype == Dtype.FLOAT32 ? 3e-6 : 2 * Tolerance.epsilon(dtype);
        double absolute = log ? relative : Tolerance.tiny(dtype) * 8;
        Tolerance tolerance = (n, e) -> relative * Math.abs(e) + absolute;
        for (long[] shape : new long[][] {{1}, {7}, {0}, {3, 0, 2}, {4, 5}, {2, 1, 3}, {3, 4, 5}, {9, 133}, {1031}}) {
            for (int dim = 0; dim < shape.length; dim++) {
                for (Form form : Form.values()) {
                    int along = dim;
                    Values values = form == Form.PADDED ? Values.FEW : Values.TAME;
                    Operand in = t.operand(dtype, shape, form, values);
                    Operand out = t.operand(dtype, shape, Form.anyWritable(t.random()), Values.ANY);
                    t.lab().device().softmax(in.device(), out.device(), dim, log);
                    t.lab().reference().softmax(in.reference(), out.reference(), dim, log);
                    t.compare(out, tolerance, () -> (log ? "log " : "") + "softmax along " + along + " of " + in);
                }
            }
        }
    }

    /**
     * Returns the tolerance of a result computed in the compute type from terms up to a size and rounded at the end.
     */
    private static Tolerance ofSums(Dtype dtype, double size) {
        double relative = dtype.computeType() == Dtype.FLOAT64 ? 1e-14 : 2e-6;
        return (n, e) -> relative * (Math.abs(e) + size) + Tolerance.epsilon(dtype) * Math.abs(e);
    }

    private static void softmaxBackward(Trial t, Dtype dtype, boolean log) {
        // Cancellation leaves the absolute errors of the summands.
        Tolerance tolerance = ofSums(dtype, 32);
        for (long[] shape : new long[][] {{1}, {7}, {0}, {3, 0, 2}, {4, 5}, {3, 4, 5}, {9, 133}, {1031}}) {
            for (int dim = 0; dim < shape.length; dim++) {
                for (Form form : Form.values()) {
                    int along = dim;
                    Operand g = t.operand(dtype, shape, form, Values.TAME);
                    Operand in = t.operand(dtype, shape, Form.CONTIGUOUS, Values.TAME);
                    Operand y = t.operand(dtype, shape, Form.anyWritable(t.random()), Values.ANY);
                    Operand out = t.operand(dtype, shape, Form.anyWritable(t.random()), Values.ANY);
                    t.lab().reference().softmax(in.reference(), y.reference(), dim, log);
                    Cells result = Operand.read(y.reference());
                    t.lab().device().write(y.device().storage(), 0, result.bytes());
                    t.lab().device().softmaxBackward(g.device(), y.device(), out.device(), dim, log);
                    t.lab().reference().softmaxBackward(g.reference(), y.reference(), out.reference(), dim, log);
                    t.compare(out, tolerance, () -> "gradient of softmax along " + along + " of " + in + " from " + g);
                }
            }
        }
    }

    /** Normalizes over the last dimension, the last two, and one in the middle, with and without a weight. */
    private static void normalizeBackward(Trial t, Dtype dtype) {
        Dtype wide = dtype.computeType();
        Tolerance tolerance = ofSums(dtype, 256);
        long[][] shapes = {{1}, {7}, {4, 5}, {3, 0}, {0, 3}, {2, 3, 4}, {3, 300}, {1031}};
        for (long[] shape : shapes) {
            for (int from = 0; from < shape.length; from++) {
                for (int to = from + 1; to <= shape.length; to++) {
                    long[] kept = shape.clone();
                    for (int d = from; d < to; d++) kept[d] = 1;
                    for (boolean weighted : new boolean[] {false, true}) {
                        Operand g = t.operand(dtype, shape, Form.any(t.random()), Values.TAME);
                        Operand in = t.operand(dtype, shape, Form.any(t.random()), Values.TAME);
                        Dtype ofWeight = t.random().nextBoolean() ? dtype : wide;
                        Operand weight = weighted ? t.operand(ofWeight, shape, Form.EXPANDED, Values.TAME) : null;
                        Operand mean = t.operand(wide, kept, Form.CONTIGUOUS, Values.TAME);
                        Operand rstd = t.operand(wide, kept, Form.CONTIGUOUS, Values.TAME);
                        Operand out = t.operand(dtype, shape, Form.anyWritable(t.random()), Values.ANY);
                        t.lab()
                                .device()
                                .normalizeBackward(
                                        g.device(),
                                        in.device(),
                                        mean.device(),
                                        rstd.device(),
                                        weight == null ? null : weight.device(),
                                        out.device());
                        t.lab()
                                .reference()
                                .normalizeBackward(
                                        g.reference(),
                                        in.reference(),
                                        mean.reference(),
                                        rstd.reference(),
                                        weight == null ? null : weight.reference(),
                                        out.reference());
                        t.compare(out, tolerance, () -> "gradient of normalize " + in + " from " + g);
                        Operand slope = t.operand(wide, only(shape, from, to), Form.CONTIGUOUS, Values.ANY);
                        t.lab()
                                .device()
                                .normalizeWeightBackward(
                                        g.device(), in.device(), mean.device(), rstd.device(), slope.device());
                        t.lab()
                                .reference()
                                .normalizeWeightBackward(
                                        g.reference(),
                                        in.reference(),
                                        mean.reference(),
                                        rstd.reference(),
                                        slope.reference());
                        t.compare(slope, tolerance, () -> "gradient of the weight of " + in + " from " + g);
                        Operand all = t.operand(dtype, shape, Form.anyWritable(t.random()), Values.ANY);
                        Operand weights = t.operand(wide, only(shape, from, to), Form.CONTIGUOUS, Values.ANY);
                        Operand biases = t.operand(wide, only(shape, from, to), Form.CONTIGUOUS, Values.ANY);
                        boolean shifted = t.random().nextBoolean();
                        t.lab()
                                .device()
                                .normalizeBackward(
                                        g.device(),
                                        in.device(),
                                        mean.device(),
                                        rstd.device(),
                                        weight == null ? null : weight.device(),
                                        all.device(),
                                        weights.device(),
                                        shifted ? biases.device() : null);
                        t.lab()
                                .reference()
                                .normalizeBackward(
                                        g.reference(),
                                        in.reference(),
                                        mean.reference(),
                                        rstd.reference(),
                                        weight == null ? null : weight.reference(),
                                        all.reference(),
                                        weights.reference(),
                                        shifted ? biases.reference() : null);
                        t.compare(all, tolerance, () -> "all gradients of normalize " + in + " from " + g);
                        t.compare(weights, tolerance, () -> "all gradients of normalize " + in + " from " + g);
                        t.compare(biases, tolerance, () -> "all gradients of normalize " + in + " from " + g);
                    }
                }
            }
        }
    }

    /** Returns a shape with size 1 in all dimensions but some. */
    private static long[] only(long[] shape, int from, int to) {
        long[] kept = new long[shape.length];
        for (int d = 0; d < kept.length; d++) kept[d] = from <= d && d < to ? shape[d] : 1;
        return kept;
    }

    /** Normalizes over the last dimension, the last two, and one in the middle, with and without weight and bias. */
    private static void normalize(Trial t, Dtype dtype) {
        Dtype wide = dtype.computeType();
        double relative = dtype == Dtype.FLOAT64 ? 1e-12 : dtype == Dtype.FLOAT32 ? 1e-5 : 4 * Tolerance.epsilon(dtype);
        Tolerance tolerance = (n, e) -> relative * (Math.abs(e) + 8);
        Tolerance exact = (n, e) -> (wide == Dtype.FLOAT64 ? 1e-12 : 2e-6) * (Math.abs(e) + 1);
        long[][] shapes = {{1}, {7}, {4, 5}, {3, 0}, {0, 3}, {2, 3, 4}, {3, 300}, {1031}};
        for (long[] shape : shapes) {
            for (int from = 0; from < shape.length; from++) {
                for (int to = from + 1; to <= shape.length; to++) {
                    long[] kept = shape.clone();
                    for (int d = from; d < to; d++) kept[d] = 1;
                    for (int given = 0; given < 4; given++) {
                        Form form = Form.values()[t.random().nextInt(Form.values().length)];
                        Operand in = t.operand(dtype, shape, form, Values.TAME);
                        Dtype ofWeight = t.random().nextBoolean() ? dtype : wide;
                        Operand weight =
                                (given & 1) == 0 ? null : t.operand(ofWeight, shape, Form.EXPANDED, Values.TAME);
                        Operand bias = (given & 2) == 0 ? null : t.operand(dtype, shape, Form.EXPANDED, Values.TAME);
                        Operand out = t.operand(dtype, shape, Form.anyWritable(t.random()), Values.ANY);
                        Operand mean = t.operand(wide, kept, Form.CONTIGUOUS, Values.ANY);
                        Operand rstd = t.operand(wide, kept, Form.CONTIGUOUS, Values.ANY);
                        double eps = 0.1;
                        t.lab()
                                .device()
                                .normalize(
                                        in.device(),
                                        weight == null ? null : weight.device(),
                                        bias == null ? null : bias.device(),
                                        eps,
                                        out.device(),
                                        mean.device(),
                                        rstd.device());
                        t.lab()
                                .reference()
                                .normalize(
                                        in.reference(),
                                        weight == null ? null : weight.reference(),
                                        bias == null ? null : bias.reference(),
                                        eps,
                                        out.reference(),
                                        mean.reference(),
                                        rstd.reference());
                        t.compare(out, tolerance, () -> "normalize " + in);
                        if (mean.device().numel() > 0 && in.device().numel() > 0) {
                            t.compare(mean, exact, () -> "the mean of " + in);
                            t.compare(rstd, exact, () -> "1 / deviation of " + in);
                        }
                    }
                }
            }
        }
    }

    /** Checks the losses and their gradient, with every third target ignored. */
    private static void nll(Trial t, Dtype dtype) {
        for (long[] shape : new long[][] {{3}, {4, 5}, {0, 5}, {2, 3, 4}, {2, 5, 3, 2}, {300, 10}}) {
            int dim = shape.length == 1 ? 0 : 1;
            long[] picked = shape.clone();
            picked[dim] = 1;
            long classes = shape[dim];
            for (boolean weighted : new boolean[] {false, true}) {
                Operand logs = t.operand(dtype, shape, Form.anyWritable(t.random()), Values.TAME);
                Operand g = t.operand(dtype, picked, Form.anyWritable(t.random()), Values.TAME);
                Operand weight = weighted ? t.operand(dtype, new long[] {classes}, Form.STEPPED, Values.TAME) : null;
                Operand target = t.operand(Dtype.INT64, picked, Form.CONTIGUOUS, Values.below(classes));
                Operand losses = t.operand(dtype, picked, Form.CONTIGUOUS, Values.ANY);
                Operand weights = t.operand(dtype, picked, Form.CONTIGUOUS, Values.ANY);
                Operand out = t.operand(dtype, shape, Form.anyWritable(t.random()), Values.ANY);
                long ignored = 1;
                Strided onDevice = weight == null ? null : weight.device();
                Strided onReference = weight == null ? null : weight.reference();
                t.lab()
                        .device()
                        .nll(logs.device(), dim, target.device(), onDevice, ignored, losses.device(), weights.device());
                t.lab()
                        .reference()
                        .nll(
                                logs.reference(),
                                dim,
                                target.reference(),
                                onReference,
                                ignored,
                                losses.reference(),
                                weights.reference());
                t.lab().device().nllBackward(g.device(), dim, target.device(), onDevice, ignored, out.device());
                t.lab()
                        .reference()
                        .nllBackward(g.reference(), dim, target.reference(), onReference, ignored, out.reference());
                t.compare(losses, Tolerance.EXACT_BUT_ZEROS, () -> "losses of " + logs);
                t.compare(weights, Tolerance.EXACT_BUT_ZEROS, () -> "weights of " + logs);
                t.compare(out, Tolerance.EXACT_BUT_ZEROS, () -> "gradient of losses of " + logs);
            }
        }
    }

    private static Program program() {
        Exprs e = new Exprs();
        Expr x = e.input(0, Dtype.FLOAT32);
        Expr y = e.input(1, Dtype.FLOAT32);
        return new Program(
                List.of(Dtype.FLOAT32, Dtype.FLOAT32),
                List.of(),
                List.of(x.mul(y).add(1).sub(y.mul(0.5))));
    }

    private static void million(Trial t) {
        for (Form[] forms : new Form[][] {
            {Form.CONTIGUOUS, Form.CONTIGUOUS, Form.CONTIGUOUS},
            {Form.TRANSPOSED, Form.EXPANDED, Form.CONTIGUOUS},
            {Form.PADDED, Form.TRANSPOSED, Form.STEPPED}
        }) {
            long[] shape = {forms[0] == Form.CONTIGUOUS ? 1000 : 300, 1001};
            Operand a = t.operand(Dtype.FLOAT32, shape, forms[0], Values.TAME);
            Operand b = t.operand(Dtype.FLOAT32, shape, forms[1], Values.TAME);
            Operand c = t.operand(Dtype.FLOAT32, shape, forms[2], Values.TAME);
            PointwiseConformance.run(t, program(), new long[0], Tolerance.EXACT, new Operand[] {c}, a, b);
            Operand d = t.operand(Dtype.FLOAT64, shape, forms[2], Values.TAME);
            t.lab().device().copy(a.device(), d.device());
            t.lab().reference().copy(a.reference(), d.reference());
            t.compare(d, Tolerance.EXACT, () -> "copy of " + a);
        }
        for (long[] kept : new long[][] {{1, 1}, {300, 1}, {1, 1001}}) {
            long[] shape = {300, 1001};
            Operand a = t.operand(Dtype.FLOAT32, shape, Form.CONTIGUOUS, Values.ANY);
            for (Reduction kind : new Reduction[] {Reduction.MAX, Reduction.ARGMIN, Reduction.ANY}) {
                Dtype dtype = kind == Reduction.MAX ? Dtype.FLOAT32 : kind == Reduction.ANY ? Dtype.BOOL : Dtype.INT64;
                Operand out = t.operand(dtype, kept, Form.CONTIGUOUS, Values.ANY);
                Program program = Program.identity(Dtype.FLOAT32);
                t.lab().device().reduce(kind, program, out.device(), Operand.onDevice(a), new long[0]);
                t.lab().reference().reduce(kind, program, out.reference(), Operand.onReference(a), new long[0]);
                t.compare(out, Tolerance.EXACT_BUT_ZEROS, () -> kind + " of " + a);
            }
        }
    }

    /** Runs threads with tensors of their own and one that all read. */
    private static void threads(Trial t) {
        Backend device = t.lab().device();
        int n = 5000;
        Operand shared = t.operand(Dtype.FLOAT32, new long[] {n}, Form.CONTIGUOUS, Values.TAME);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
            int seed = k;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    for (int round = 0; round < 100; round++) use(device, shared, n, seed * 1000 + round);
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
            }));
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        if (failure.get() != null) throw new AssertionError("with four threads: " + failure.get(), failure.get());
    }

    private static void use(Backend device, Operand shared, int n, int seed) {
        Layout layout = Layout.contiguous(n);
        Strided own = new Strided(device.allocate(Dtype.FLOAT32, n), layout);
        device.random(Distribution.UNIFORM, own, seed, 0);
        Strided out = new Strided(device.allocate(Dtype.FLOAT32, n), layout);
        device.pointwise(program(), new Strided[] {out}, new Strided[] {shared.device(), own}, new long[0]);
        Layout one = Layout.contiguous(1);
        Strided most = new Strided(device.allocate(Dtype.FLOAT32, 1), one);
        Program identity = Program.identity(Dtype.FLOAT32);
        device.reduce(Reduction.MAX, identity, most, new Strided[] {out}, new long[0]);
        Cells x = shared.before();
        Cells y = Operand.read(own);
        Cells z = Operand.read(out);
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            float a = (float) x.real(i);
            float b = (float) y.real(i);
            float expected = a * b + 1 - b * 0.5f;
            int at = i;
            Trial.require(z.real(i) == expected, () -> "element " + at + " is " + z.real(at) + ", not " + expected);
            largest = Math.max(largest, expected);
        }
        float best = largest;
        double got = Operand.read(most).real(0);
        Trial.require(got == best, () -> "the largest is " + got + ", not " + best);
    }
}
