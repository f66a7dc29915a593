package dev.cotangent.tests.golden;

import dev.cotangent.Dtype;
import java.util.Set;

/**
 * How far a result may be from PyTorch's: {@code |a - b| <= atol + rtol * |b|}, or {@code |a - b| <= wide * max(1, |b|)}.
 *
 * @param rtol relative to the expected value
 * @param atol absolute
 * @param wide what PyTorch's own deviation allows, where that counts
 */
record Tolerance(double rtol, double atol, double wide) {
    /** Nothing but the very number. */
    static final Tolerance EXACT = new Tolerance(0, 0, 0);

    /** Of float64 double backward. */
    static final Tolerance DOUBLE_BACKWARD = new Tolerance(1e-7, 1e-8, 0);

    /** What an operation does to its elements, and so how exactly it can be computed. */
    enum Kind {
        /** Only moves elements, or tells places. */
        MOVES(EXACT, EXACT),
        /** One element from one or a few. */
        ELEMENTWISE(new Tolerance(1e-12, 1e-12, 0), new Tolerance(1.3e-6, 1e-6, 0)),
        /** Sums of many. */
        REDUCES(new Tolerance(1e-10, 1e-11, 0), new Tolerance(2e-5, 1e-5, 0)),
        /** Decompositions and series. */
        LINALG(new Tolerance(1e-7, 1e-8, 0), new Tolerance(1e-3, 1e-4, 0));

        private final Tolerance float64;
        private final Tolerance float32;

        Kind(Tolerance float64, Tolerance float32) {
            this.float64 = float64;
            this.float32 = float32;
        }
    }

    private static final Set<String> MOVING = Set.of(
            "T",
            "H",
            "mT",
            "mH",
            "__getitem__",
            "as_strided",
            "atleast_1d",
            "atleast_2d",
            "atleast_3d",
            "bfloat16",
            "bool",
            "broadcast_tensors",
            "broadcast_to",
            "byte",
            "cat",
            "char",
            "chunk",
            "clone",
            "column_stack",
            "contiguous",
            "diag",
            "diag_embed",
            "diagflat",
            "diagonal",
            "diagonal_scatter",
            "double",
            "dsplit",
            "dstack",
            "expand",
            "expand_as",
            "fill",
            "flatten",
            "flip",
            "fliplr",
            "flipud",
            "float",
            "full_like",
            "gather",
            "half",
            "hsplit",
            "hstack",
            "index_copy",
            "index_fill",
            "index_select",
            "int",
            "long",
            "masked_fill",
            "masked_scatter",
            "masked_select",
            "meshgrid",
            "movedim",
            "moveaxis",
            "narrow",
            "narrow_copy",
            "new_full",
            "new_ones",
            "new_zeros",
            "nonzero",
            "ones",
            "ones_like",
            "permute",
            "ravel",
            "repeat",
            "reshape",
            "reshape_as",
            "roll",
            "rot90",
            "select",
            "select_scatter",
            "short",
            "slice",
            "slice_scatter",
            "split",
            "split_with_sizes",
            "squeeze",
            "stack",
            "swapaxes",
            "swapdims",
            "t",
            "take",
            "take_along_dim",
            "tensor_split",
            "tile",
            "transpose",
            "tril",
            "triu",
            "unbind",
            "unflatten",
            "unfold",
            "unsqueeze",
            "view",
            "view_as",
            "vsplit",
            "vstack",
            "where",
            "zero_",
            "zeros",
            "zeros_like",
            "nn.functional.pixel_shuffle",
            "nn.functional.pixel_unshuffle",
            "nn.functional.embedding",
            "nn.functional.one_hot",
            "combinations",
            "cartesian_prod",
            "block_diag");

    private static final Set<String> REDUCING = Set.of(
            "__rmatmul__",
            "addbmm",
            "addmm",
            "addmv",
            "addr",
            "all",
            "amax",
            "amin",
            "any",
            "baddbmm",
            "bincount",
            "bmm",
            "cdist",
            "corrcoef",
            "cov",
            "cross",
            "cumprod",
            "cumsum",
            "cumulative_trapezoid",
            "diff",
            "dist",
            "dot",
            "einsum",
            "gradient",
            "histc",
            "histogram",
            "index_add",
            "index_put",
            "index_reduce",
            "inner",
            "kron",
            "log_softmax",
            "logcumsumexp",
            "logsumexp",
            "matmul",
            "max",
            "mean",
            "median",
            "min",
            "mm",
            "mv",
            "nanmean",
            "nanquantile",
            "nansum",
            "native_batch_norm",
            "native_layer_norm",
            "norm",
            "outer",
            "prod",
            "put",
            "quantile",
            "renorm",
            "scatter",
            "scatter_add",
            "scatter_reduce",
            "softmax",
            "std",
            "std_mean",
            "stft",
            "istft",
            "sum",
            "sum_to_size",
            "tensordot",
            "trace",
            "trapezoid",
            "trapz",
            "var",
            "var_mean",
            "vdot",
            "linspace",
            "logspace",
            "arange");

    private static final Set<String> SERIES = Set.of(
            "cholesky",
            "cholesky_inverse",
            "cholesky_solve",
            "digamma",
            "erfinv",
            "geqrf",
            "i0",
            "igamma",
            "igammac",
            "inverse",
            "lgamma",
            "logdet",
            "det",
            "slogdet",
            "lstsq",
            "lu",
            "lu_solve",
            "lu_unpack",
            "matrix_exp",
            "matrix_power",
            "mvlgamma",
            "orgqr",
            "ormqr",
            "pinverse",
            "polygamma",
            "qr",
            "solve",
            "svd",
            "symeig",
            "triangular_solve");

    private static final Set<String> ACTIVATIONS = Set.of(
            "celu",
            "dropout",
            "dropout2d",
            "dropout3d",
            "elu",
            "feature_alpha_dropout",
            "alpha_dropout",
            "gelu",
            "glu",
            "hardshrink",
            "hardsigmoid",
            "hardswish",
            "hardtanh",
            "leaky_relu",
            "logsigmoid",
            "mish",
            "prelu",
            "relu",
            "relu6",
            "rrelu",
            "selu",
            "silu",
            "softplus",
            "softshrink",
            "softsign",
            "tanhshrink",
            "threshold",
            "sigmoid",
            "tanh");

    /** Returns the kind of an operation, by PyTorch's name. */
    static Kind kind(String op, String variant) {
        if (MOVING.contains(op)) return Kind.MOVES;
        if (op.startsWith("linalg.") || op.startsWith("special.") || SERIES.contains(op) || variant.equals("nuc")) {
            return Kind.LINALG;
        }
        if (op.startsWith("nn.functional.")) {
            return ACTIVATIONS.contains(op.substring(14)) ? Kind.ELEMENTWISE : Kind.REDUCES;
        }
        // Each number of a Fourier transform is a sum.
        boolean isSum = op.startsWith("masked.") || op.startsWith("fft.") || REDUCING.contains(op);
        return isSum ? Kind.REDUCES : Kind.ELEMENTWISE;
    }

    /** Returns the tolerance of an operation's result; {@code own} is PyTorch's deviation from the result of float64. */
    static Tolerance ofResult(Kind kind, Dtype dtype, double own) {
        return switch (dtype) {
            case FLOAT64 -> kind.float64;
            case FLOAT32 -> kind.float32.atLeast(kind == Kind.LINALG ? 20 * own : own);
            case FLOAT16 -> kind == Kind.MOVES ? EXACT : new Tolerance(0x1p-9, 0x1p-9, 3 * own);
            case BFLOAT16 -> kind == Kind.MOVES ? EXACT : new Tolerance(0x1p-6, 0x1p-6, 3 * own);
            default -> EXACT;
        };
    }

    /** Returns the tolerance of an operation's gradient. */
    static Tolerance ofGradient(Kind kind, Dtype dtype, double own) {
        if (kind == Kind.LINALG) return ofResult(kind, dtype, own);
        return switch (dtype) {
            case FLOAT64 -> new Tolerance(1e-9, 1e-10, 0);
            case FLOAT32 -> new Tolerance(1e-4, 2e-5, own);
            default -> ofResult(kind == Kind.MOVES ? Kind.REDUCES : kind, dtype, own);
        };
    }

    private Tolerance atLeast(double deviation) {
        return new Tolerance(rtol, atol, deviation);
    }

    /** Returns whether a number is close enough to the expected one. */
    boolean accepts(double actual, double expected) {
        if (actual == expected || Double.isNaN(actual) && Double.isNaN(expected)) return true;
        if (!Double.isFinite(actual) || !Double.isFinite(expected)) return false;
        double gap = Math.abs(actual - expected);
        return gap <= atol + rtol * Math.abs(expected) || gap <= wide * Math.max(1, Math.abs(expected));
    }
}
