package dev.cotangent.internal.ops.random;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.backend.Distribution;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.indexing.SearchOps;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import dev.cotangent.ir.ScalarOp;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Random sampling: a {@link Distribution}'s draws, transformed by a scalar program. */
public final class RandomOps {
    private static final Map<Key, Program> PROGRAMS = new ConcurrentHashMap<>();

    private static final long MAX_CATEGORIES = 1 << 24;

    private RandomOps() {}

    private record Key(Shape shape, Dtype drawn, Dtype result) {}

    /** The transformation of a draw {@code u} with two parameters a and b. */
    private enum Shape {
        /** Scales to [a, b), or to mean a and deviation b. */
        SCALE {
            @Override
            Expr of(Expr u, Expr a, Expr b) {
                return u.mul(b).add(a);
            }
        },
        /** Returns 1 with probability a. */
        BERNOULLI {
            @Override
            Expr of(Expr u, Expr a, Expr b) {
                return u.lt(a).where(u.like(1), u.like(0));
            }
        },
        /** Samples the exponential distribution of rate a. */
        EXPONENTIAL {
            @Override
            Expr of(Expr u, Expr a, Expr b) {
                return u.neg().log1p().neg().div(a);
            }
        },
        /** Samples an integer in [a, a + b). */
        RANGE {
            @Override
            Expr of(Expr u, Expr a, Expr b) {
                Expr positive = u.and(u.like(0x1p63));
                return positive.call(ScalarOp.REMAINDER, b).add(a);
            }
        },
        /** Works as RANGE for a width b of at least 2^63, as unsigned. */
        WIDE_RANGE {
            @Override
            Expr of(Expr u, Expr a, Expr b) {
                Expr sign = u.like(-0x1p63);
                Expr below = u.call(ScalarOp.XOR, sign).lt(b.call(ScalarOp.XOR, sign));
                return below.where(u, u.sub(b)).add(a);
            }
        };

        abstract Expr of(Expr u, Expr a, Expr b);
    }

    private static Program program(Shape shape, Dtype drawn, Dtype result) {
        return PROGRAMS.computeIfAbsent(new Key(shape, drawn, result), k -> {
            Exprs e = new Exprs();
            Dtype type = drawn.computeType();
            Expr out = shape.of(e.input(0, drawn).cast(type), e.scalar(0, type), e.scalar(1, type));
            return new Program(List.of(drawn), List.of(type, type), List.of(out.cast(result)));
        });
    }

    private static void draw(
            Tensor to, Distribution kind, Shape shape, Dtype drawn, Number a, Number b, Generator from) {
        if (to.numel() == 0) return;
        Strided numbers = Internals.strided(to);
        if (drawn != to.dtype())
            numbers = Internals.strided(CreationOps.uninitialized(
                    drawn, to.device(), Internals.layout(to).sizes()));
        random(kind, numbers, from);
        Dtype type = drawn.computeType();
        long[] scalars = {Promotion.bits(a, type), Promotion.bits(b, type)};
        Program p = program(shape, drawn, to.dtype());
        Internals.backend(to).pointwise(p, new Strided[] {Internals.strided(to)}, new Strided[] {numbers}, scalars);
    }

    private static void random(Distribution kind, Strided to, Generator g) {
        Generator.State at = g.take(to.numel());
        to.backend().random(kind, to, at.seed(), at.position());
    }

    private static Tensor inPlace(
            Tensor self,
            String node,
            Distribution kind,
            Shape shape,
            Dtype drawn,
            Number a,
            Number b,
            @Nullable Generator generator,
            Consumer<Generator> twister) {
        GradientRule.checkInPlace(self);
        Generator g = generator == null ? Generator.standard() : generator;
        if (g.isPyTorch()) {
            if (self.numel() > 0) twister.accept(g);
            else Internals.version(self).bump();
        } else {
            draw(self, kind, shape, drawn, a, b, g);
            Internals.version(self).bump();
        }
        return GradientRule.of(node, self).input(self, x -> x.zerosLike()).inPlace(self);
    }

    private static void checkFloating(String op, Tensor self) {
        if (!self.dtype().isFloatingPoint()) {
            throw Promotion.notImplemented(op, self.dtype());
        }
    }

    /** Implements {@code torch.Tensor.uniform_}. */
    public static Tensor uniform(Tensor self, double from, double to, @Nullable Generator generator) {
        if (self.isComplex()) {
            uniform(self.viewAsReal(), from, to, generator);
            return self;
        }
        checkFloating("check_uniform_bounds", self);
        if (from > to) {
            throw new CotangentException(
                    "uniform_ expects to return a [from, to) range, but found from=" + from + " > to=" + to);
        }
        return inPlace(
                self,
                "UniformBackward0",
                Distribution.UNIFORM,
                Shape.SCALE,
                self.dtype(),
                from,
                to - from,
                generator,
                g -> TwisterDraws.uniform(self, from, to, g));
    }

    /** Implements {@code torch.Tensor.normal_}. */
    public static Tensor normal(Tensor self, double mean, double std, @Nullable Generator generator) {
        if (self.isComplex()) {
            // The variance of a complex number is the sum of those of its parts.
            normal(self.viewAsReal(), 0, std / Math.sqrt(2), generator);
            return mean == 0 ? self : self.add_(mean);
        }
        checkFloating("normal_kernel_cpu", self);
        if (std < 0) throw new CotangentException("normal expects std >= 0.0, but found std " + std);
        return inPlace(
                self,
                "NormalBackward0",
                Distribution.NORMAL,
                Shape.SCALE,
                self.dtype(),
                mean,
                std,
                generator,
                g -> TwisterDraws.normal(self, mean, std, g));
    }

    /** Implements {@code torch.Tensor.exponential_}. */
    public static Tensor exponential(Tensor self, double lambd, @Nullable Generator generator) {
        checkFloating("exponential_cpu", self);
        if (lambd <= 0) throw new CotangentException("exponential_ expects lambda > 0.0, but found lambda=" + lambd);
        return inPlace(
                self,
                "ExponentialBackward0",
                Distribution.UNIFORM,
                Shape.EXPONENTIAL,
                self.dtype(),
                lambd,
                1,
                generator,
                g -> TwisterDraws.exponential(self, lambd, g));
    }

    /** Implements {@code torch.Tensor.bernoulli_} with one probability. */
    public static Tensor bernoulli(Tensor self, double p, @Nullable Generator generator) {
        if (!(p >= 0 && p <= 1)) {
            throw new CotangentException("bernoulli_ expects p to be in [0, 1], but got p=" + p);
        }
        Dtype drawn = self.dtype().isFloatingPoint() ? self.dtype().computeType() : Dtype.FLOAT64;
        return inPlace(
                self,
                "BernoulliBackward2",
                Distribution.UNIFORM,
                Shape.BERNOULLI,
                drawn,
                p,
                1,
                generator,
                g -> TwisterDraws.bernoulli(self, p, g));
    }

    /** Implements {@code torch.Tensor.random_}: integers in [from, to). */
    public static Tensor random(Tensor self, long from, long to, @Nullable Generator generator) {
        if (from >= to) {
            throw new CotangentException(
                    "random_ expects 'from' to be less than 'to', but got from=" + from + " >= to=" + to);
        }
        checkRange(self.dtype(), "from", from);
        checkRange(self.dtype(), "to - 1", to - 1);
        long width = to - from;
        return range(self, from, width, generator, g -> TwisterDraws.range(self, from, width, g));
    }

    /** Samples one of {@code width} integers, an unsigned count. */
    private static Tensor range(
            Tensor self, long from, long width, @Nullable Generator generator, Consumer<Generator> twister) {
        Shape shape = width < 0 ? Shape.WIDE_RANGE : Shape.RANGE;
        return inPlace(self, "RandomBackward0", Distribution.BITS, shape, Dtype.INT64, from, width, generator, twister);
    }

    private static void checkRange(Dtype type, String what, long bound) {
        boolean holds = switch (type) {
            case FLOAT64, FLOAT32, BFLOAT16, INT64 -> true;
            case FLOAT16 -> Math.abs(bound) <= 65504;
            case INT32 -> bound == (int) bound;
            case INT16 -> bound == (short) bound;
            case INT8 -> bound == (byte) bound;
            case UINT8 -> bound >= 0 && bound < 256;
            case BOOL -> bound == 0 || bound == 1;
            case COMPLEX64, COMPLEX128 -> throw Promotion.notImplemented("check_random_bounds", type);
        };
        if (!holds) throw new CotangentException(what + " is out of bounds for " + type.cName());
    }

    /** Implements {@code torch.Tensor.random_}: integers from 0 to the largest that the dtype represents exactly. */
    public static Tensor random(Tensor self, @Nullable Generator generator) {
        long end = switch (self.dtype()) {
            case FLOAT64 -> (1L << 53) + 1;
            case FLOAT32 -> (1L << 24) + 1;
            case FLOAT16 -> (1L << 11) + 1;
            case BFLOAT16 -> (1L << 8) + 1;
            case INT64 -> 1L << 63;
            case INT32 -> 1L << 31;
            case INT16 -> 1L << 15;
            case INT8 -> 1L << 7;
            case UINT8 -> 1L << 8;
            case BOOL -> 2;
            case COMPLEX64, COMPLEX128 -> throw Promotion.notImplemented("random_update_from_to", self.dtype());
        };
        return range(self, 0, end, generator, g -> TwisterDraws.whole(self, end, g));
    }

    /** Implements {@code torch.bernoulli}: 1 with each element's probability. */
    public static Tensor bernoulli(Tensor p, @Nullable Generator generator) {
        checkFloating("bernoulli_tensor_cpu_p_", p);
        Tensor u = CreationOps.uninitialized(
                p.dtype(), p.device(), Internals.layout(p).sizes());
        Generator g = generator == null ? Generator.standard() : generator;
        if (g.isPyTorch()) {
            if (p.numel() > 0) TwisterDraws.bernoulli(u, p, g);
            return GradientRule.of("BernoulliBackward0", u)
                    .input(p, x -> x.zerosLike())
                    .done();
        }
        random(Distribution.UNIFORM, Internals.strided(u), g);
        Exprs e = new Exprs();
        Dtype type = p.dtype().computeType();
        Expr hit = e.input(0, p.dtype()).cast(type).lt(e.input(1, p.dtype()).cast(type));
        Expr out = hit.where(e.constant(type, 1), e.constant(type, 0)).cast(p.dtype());
        Program program = new Program(List.of(p.dtype(), p.dtype()), List.of(), List.of(out));
        Internals.backend(p)
                .pointwise(
                        program,
                        new Strided[] {Internals.strided(u)},
                        new Strided[] {Internals.strided(u), Internals.strided(p)},
                        new long[0]);
        return GradientRule.of("BernoulliBackward0", u)
                .input(p, x -> x.zerosLike())
                .done();
    }

    /** Implements {@code torch.randperm}. */
    public static Tensor randperm(long n, Dtype dtype, Device device, @Nullable Generator generator) {
        if (n < 0) throw new CotangentException("n must be non-negative, got" + n);
        Generator from = generator == null ? Generator.standard() : generator;
        if (from.isPyTorch()) {
            return Tensors.tensor(TwisterDraws.permutation(Math.toIntExact(n), from))
                    .to(device, dtype);
        }
        Tensor keys = CreationOps.uninitialized(Dtype.INT64, device, n);
        Tensor order = CreationOps.uninitialized(Dtype.INT64, device, n);
        if (n > 0) {
            random(Distribution.BITS, Internals.strided(keys), from);
            Tensor sorted = CreationOps.uninitialized(Dtype.INT64, device, n);
            Internals.backend(keys)
                    .sort(Internals.strided(keys), 0, false, Internals.strided(sorted), Internals.strided(order));
        }
        return order.to(dtype);
    }

    /** Implements {@code torch.multinomial}: indices of the last dimension, sampled by its weights. */
    public static Tensor multinomial(Tensor weights, int samples, boolean replacement, @Nullable Generator generator) {
        Tensor w = weights.detach();
        if (w.dim() < 1 || w.dim() > 2) throw new CotangentException("prob_dist must be 1 or 2 dim");
        if (!w.dtype().isFloatingPoint()) {
            throw new CotangentException("multinomial only supports floating-point dtypes for input, got: "
                    + w.dtype().scalarName());
        }
        long categories = w.size(-1);
        if (samples <= 0) throw new CotangentException("cannot sample n_sample <= 0 samples");
        if (!replacement && samples > categories) {
            throw new CotangentException("cannot sample n_sample > prob_dist.size(-1) samples without replacement");
        }
        if (categories > MAX_CATEGORIES) throw new CotangentException("number of categories cannot exceed 2^24");
        boolean finite =
                w.numel() == 0 || w.isfinite().logicalAnd(w.ge(0)).all().itemBoolean();
        if (!finite) {
            throw new CotangentException("probability tensor contains either `inf`, `nan` or element < 0");
        }
        boolean some = w.numel() == 0 || w.sum(-1).gt(0).all().itemBoolean();
        if (!some) {
            throw new CotangentException("invalid multinomial distribution (sum of probabilities <= 0)");
        }
        if (!replacement) {
            // Exponential races: the smallest arrival times at rates w are a weighted sample without replacement.
            Tensor clocks = exponential(CreationOps.uninitializedLike(w), 1, generator);
            Tensor rates = w.div(clocks);
            return rates.topk(samples, -1, true, true).indices();
        }
        Tensor sums = w.cumsum(-1);
        Tensor total = sums.narrow(-1, categories - 1, 1);
        long[] sizes = w.dim() == 1 ? new long[] {samples} : new long[] {w.size(0), samples};
        Tensor u = CreationOps.uninitialized(Dtype.FLOAT64, w.device(), sizes);
        uniform(u, 0, 1, generator);
        Tensor shares = sums.div(total).to(Dtype.FLOAT64);
        shares.narrow(-1, categories - 1, 1).fill_(1);
        return SearchOps.searchsorted(shares, u, false, false, null, null);
    }

    /**
     * Implements {@code torch.nn.functional.dropout}: zeros elements with probability {@code p} and scales the
     * others.
     */
    public static Tensor dropout(Tensor x, double p, boolean training) {
        checkProbability(p);
        if (!training || p == 0 || x.numel() == 0) return x;
        return x.mul(noise(x, p, Internals.layout(x).sizes()));
    }

    /** Works as {@link #dropout}, in place. */
    public static Tensor dropoutInPlace(Tensor x, double p, boolean training) {
        checkProbability(p);
        if (!training || p == 0 || x.numel() == 0) return x;
        return x.mul_(noise(x, p, Internals.layout(x).sizes()));
    }

    /** Implements {@code torch.feature_dropout}: zeros whole channels. */
    public static Tensor featureDropout(Tensor x, double p, boolean training) {
        checkProbability(p);
        if (!training || p == 0 || x.numel() == 0) return x;
        return x.mul(noise(x, p, channels(x)));
    }

    /** Works as {@link #featureDropout}, in place. */
    public static Tensor featureDropoutInPlace(Tensor x, double p, boolean training) {
        checkProbability(p);
        if (!training || p == 0 || x.numel() == 0) return x;
        return x.mul_(noise(x, p, channels(x)));
    }

    private static long[] channels(Tensor x) {
        if (x.dim() < 2) throw new CotangentException("Feature dropout requires at least 2 dimensions in the input");
        long[] sizes = new long[x.dim()];
        java.util.Arrays.fill(sizes, 1);
        sizes[0] = x.size(0);
        sizes[1] = x.size(1);
        return sizes;
    }

    private static Tensor noise(Tensor x, double p, long[] sizes) {
        if (p == 1) return CreationOps.zeros(x.dtype(), x.device(), sizes);
        return bernoulli(CreationOps.uninitialized(x.dtype(), x.device(), sizes), 1 - p, null)
                .div(1 - p);
    }

    private static void checkProbability(double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new CotangentException("dropout probability has to be between 0 and 1, but got "
                    + (p == Math.rint(p) ? (long) p + "" : p + ""));
        }
    }
}
