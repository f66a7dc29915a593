package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.backend.Backends;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.movement.HostOps;
import dev.cotangent.internal.ops.random.RandomOps;
import java.nio.Buffer;

/**
 * Functions that create tensors; use them through {@link Tensors}. PyTorch's keyword arguments are one {@link
 * TensorOptions}: a {@link Dtype}, a {@link Device}, or both. Literal sizes come last ({@code zeros(FLOAT64, 2, 3)});
 * after a {@link Shape}, the options come last ({@code zeros(x.shape(), FLOAT64)}). Without options a tensor has the
 * default dtype, or one inferred from its values, and is on the CPU.
 */
sealed class CreationFunctions extends LiteralFunctions permits WindowFunctions {
    CreationFunctions() {}

    private static final TensorOptions NONE = ChosenOptions.NONE;

    private static Device device(String operation, TensorOptions options) {
        return Arguments.notNull(operation, "options", options).deviceOr(Device.cpu());
    }

    private static Dtype dtype(TensorOptions options) {
        return options.dtypeOr(Promotion.defaultDtype());
    }

    private static long[] sizes(String operation, Shape size) {
        return Arguments.notNull(operation, "size", size).toArray();
    }

    /** Sets requires-grad of a new tensor as the options say. */
    static Tensor marked(Tensor t, TensorOptions options) {
        return options.requiresGrad() ? t.requiresGrad_(true) : t;
    }

    /** Works as {@link #marked(Tensor, TensorOptions)}, and ends the operation's range. */
    static Tensor marked(int range, Tensor t, TensorOptions options) {
        return end(range, marked(t, options));
    }

    // Options

    /** Returns a shape, to distinguish sizes from other arguments. */
    public static Shape shape(long... sizes) {
        Arguments.notNull("shape", "sizes", sizes);
        return Shape.of(sizes);
    }

    /** Returns options without overrides. */
    public static TensorOptions options() {
        return NONE;
    }

    /** Returns options with a dtype; PyTorch's {@code dtype=...}. */
    public static TensorOptions dtype(Dtype dtype) {
        return NONE.dtype(dtype);
    }

    /** Returns options with a device; PyTorch's {@code device=...}. */
    public static TensorOptions device(Device device) {
        return NONE.device(device);
    }

    /** Returns options with a named device; PyTorch's {@code device="cuda"}. */
    public static TensorOptions device(String device) {
        return NONE.device(device);
    }

    /** Returns options with requires-grad; PyTorch's {@code requires_grad=...}. */
    public static TensorOptions requiresGrad(boolean value) {
        return NONE.requiresGrad(value);
    }

    /** Returns a loss's options with PyTorch's defaults: the mean, no weights, no smoothing. */
    public static LossOptions lossOptions() {
        return LossOptions.DEFAULT;
    }

    /** Returns options of convolutions, which begin with PyTorch's defaults. */
    public static ConvOptions convOptions() {
        return ConvOptions.DEFAULT;
    }

    /** Returns options of transposed convolutions, which begin with PyTorch's defaults. */
    public static ConvTransposeOptions convTransposeOptions() {
        return ConvTransposeOptions.DEFAULT;
    }

    /** Returns options of sliding blocks, which begin with PyTorch's defaults. */
    public static UnfoldOptions unfoldOptions() {
        return UnfoldOptions.DEFAULT;
    }

    /** Returns the options of pooling with PyTorch's defaults: the stride is the window, no padding. */
    public static PoolOptions poolOptions() {
        return PoolOptions.DEFAULT;
    }

    /** Returns the options of fractional pooling; a size or a ratio is to be added. */
    public static FractionalPoolOptions fractionalPoolOptions() {
        return FractionalPoolOptions.DEFAULT;
    }

    /** Returns the options of interpolation with PyTorch's defaults; a size or a factor is to be added. */
    public static InterpolateOptions interpolateOptions() {
        return InterpolateOptions.DEFAULT;
    }

    /** Returns the options of sampling by a grid with PyTorch's defaults: bilinear, zeros beyond the border. */
    public static GridSampleOptions gridSampleOptions() {
        return GridSampleOptions.DEFAULT;
    }

    /** Returns the options of the CTC loss with PyTorch's defaults: the blank is class 0, the mean. */
    public static CtcOptions ctcOptions() {
        return CtcOptions.DEFAULT;
    }

    /** Returns options of a covariance with PyTorch's defaults: a correction of 1, no weights. */
    public static CovarianceOptions covarianceOptions() {
        return CovarianceOptions.DEFAULT;
    }

    /** Returns options of a gradient with PyTorch's defaults: a spacing of 1, all dimensions, edges of order 1. */
    public static GradientOptions gradientOptions() {
        return GradientOptions.DEFAULT;
    }

    /** Returns options of a histogram with PyTorch's defaults: the range of the data, no weights, counts. */
    public static HistogramOptions histogramOptions() {
        return HistogramOptions.DEFAULT;
    }

    /** Returns the options of attention with PyTorch's defaults: no mask, no dropout. */
    public static AttentionOptions attentionOptions() {
        return AttentionOptions.DEFAULT;
    }

    /**
     * Sets the floating-point dtype of literals and creation functions, for all threads. {@code
     * torch.set_default_dtype}.
     */
    public static void setDefaultDtype(Dtype dtype) {
        Promotion.setDefaultDtype(Arguments.notNull("setDefaultDtype", "dtype", dtype));
    }

    /**
     * Returns the floating-point dtype of literals and creation functions, initially float32. {@code
     * torch.get_default_dtype}.
     */
    public static Dtype getDefaultDtype() {
        return Promotion.defaultDtype();
    }

    /** Returns a 0-dimensional tensor, by default of the default dtype. {@code torch.scalar_tensor}. */
    public static Tensor scalarTensor(Number s, TensorOptions options) {
        Device device = device("scalar_tensor", options);
        return marked(CreationOps.full(dtype(options), device, Arguments.notNull("scalar_tensor", "s", s)), options);
    }

    /**
     * Returns a vector of a buffer's remaining elements; int8 for a byte buffer. It shares the buffer's array if
     * there is one that the CPU backend can use.
     */
    public static Tensor from(Buffer buffer) {
        return HostOps.from(Arguments.notNull("from", "buffer", buffer));
    }

    /**
     * Returns a tensor of an array, sharing its memory if that is a Java array; throws a ValueException for negative
     * strides. {@code torch.from_numpy}.
     */
    public static Tensor fromNumpy(NdArray array) {
        Strided data = Arguments.notNull("from_numpy", "array", array).strided(Backends.of(Device.cpu()));
        data.storage().markAliased();
        return Internals.wrap(data);
    }

    // Constants

    /** Returns zeros of the default dtype. {@code torch.zeros}. */
    public static Tensor zeros(long... size) {
        return zeros(NONE, size);
    }

    /** Returns zeros of the default dtype. {@code torch.zeros}. */
    public static Tensor zeros(Shape size) {
        return zeros(size, NONE);
    }

    /** Returns zeros. {@code torch.zeros}. */
    public static Tensor zeros(TensorOptions options, long... size) {
        Arguments.notNull("zeros", "options", options);
        return marked(
                start("zeros"),
                CreationOps.zeros(dtype(options), device("zeros", options), Arguments.notNull("zeros", "size", size)),
                options);
    }

    /** Returns zeros. {@code torch.zeros}. */
    public static Tensor zeros(Shape size, TensorOptions options) {
        Arguments.notNull("zeros", "options", options);
        return zeros(options, sizes("zeros", size));
    }

    /** Returns ones of the default dtype. {@code torch.ones}. */
    public static Tensor ones(long... size) {
        return ones(NONE, size);
    }

    /** Returns ones of the default dtype. {@code torch.ones}. */
    public static Tensor ones(Shape size) {
        return ones(size, NONE);
    }

    /** Returns ones. {@code torch.ones}. */
    public static Tensor ones(TensorOptions options, long... size) {
        Arguments.notNull("ones", "options", options);
        return marked(
                start("ones"),
                CreationOps.ones(dtype(options), device("ones", options), Arguments.notNull("ones", "size", size)),
                options);
    }

    /** Returns ones. {@code torch.ones}. */
    public static Tensor ones(Shape size, TensorOptions options) {
        Arguments.notNull("ones", "options", options);
        return ones(options, sizes("ones", size));
    }

    /** Returns an uninitialized tensor (currently zeroed) of the default dtype. {@code torch.empty}. */
    public static Tensor empty(long... size) {
        return empty(NONE, size);
    }

    /** Returns an uninitialized tensor (currently zeroed) of the default dtype. {@code torch.empty}. */
    public static Tensor empty(Shape size) {
        return empty(size, NONE);
    }

    /** Returns an uninitialized tensor (currently zeroed). {@code torch.empty}. */
    public static Tensor empty(TensorOptions options, long... size) {
        Arguments.notNull("empty", "options", options);
        return marked(
                start("empty"),
                CreationOps.zeros(dtype(options), device("empty", options), Arguments.notNull("empty", "size", size)),
                options);
    }

    /** Returns an uninitialized tensor (currently zeroed). {@code torch.empty}. */
    public static Tensor empty(Shape size, TensorOptions options) {
        Arguments.notNull("empty", "options", options);
        return empty(options, sizes("empty", size));
    }

    /** Returns an uninitialized tensor of the default dtype with given strides. {@code torch.empty_strided}. */
    public static Tensor emptyStrided(Shape size, long[] stride) {
        return emptyStrided(size, stride, NONE);
    }

    /** Returns an uninitialized tensor with given strides. {@code torch.empty_strided}. */
    public static Tensor emptyStrided(Shape size, long[] stride, TensorOptions options) {
        long[] strides = Arguments.notNull("empty_strided", "stride", stride);
        Device device = device("empty_strided", options);
        return marked(
                start("empty_strided"),
                CreationOps.emptyStrided(sizes("empty_strided", size), strides, dtype(options), device),
                options);
    }

    /** Returns a tensor filled with a number: int64 for an integer, else of the default dtype. {@code torch.full}. */
    public static Tensor full(Shape size, Number fillValue) {
        return full(size, fillValue, NONE);
    }

    /** Returns a tensor filled with a truth value. {@code torch.full}. */
    public static Tensor full(Shape size, boolean fillValue) {
        return end(start("full"), CreationOps.full(Dtype.BOOL, Device.cpu(), fillValue, sizes("full", size)));
    }

    /**
     * Returns a tensor filled with a number; throws PyTorch's error if the dtype cannot hold it. {@code torch.full}.
     */
    public static Tensor full(Shape size, Number fillValue, TensorOptions options) {
        Device device = device("full", options);
        Dtype type = options.dtypeOr(Promotion.numberType(Arguments.notNull("full", "fill_value", fillValue)));
        return marked(start("full"), CreationOps.full(type, device, fillValue, sizes("full", size)), options);
    }

    /** Returns the identity matrix of the default dtype. {@code torch.eye}. */
    public static Tensor eye(long n) {
        return eye(n, n, NONE);
    }

    /** Returns the identity matrix. {@code torch.eye}. */
    public static Tensor eye(long n, TensorOptions options) {
        return eye(n, n, options);
    }

    /** Returns an n x m matrix with ones on the main diagonal. {@code torch.eye}. */
    public static Tensor eye(long n, long m) {
        return eye(n, m, NONE);
    }

    /** Returns an n x m matrix with ones on the main diagonal. {@code torch.eye}. */
    public static Tensor eye(long n, long m, TensorOptions options) {
        return marked(
                start("eye"),
                CreationOps.eye(n, m, dtype(Arguments.notNull("eye", "options", options)), device("eye", options)),
                options);
    }

    // Sequences

    /** Returns 0, 1 and so on, below {@code end}: int64 for an integer. {@code torch.arange}. */
    public static Tensor arange(Number end) {
        return arange(0, end, 1, NONE);
    }

    /** Returns {@link #arange(Number, Number, Number, TensorOptions)} in steps of 1. {@code torch.arange}. */
    public static Tensor arange(Number start, Number end) {
        return arange(start, end, 1, NONE);
    }

    /** Returns {@link #arange(Number, Number, Number, TensorOptions)}. {@code torch.arange}. */
    public static Tensor arange(Number start, Number end, Number step) {
        return arange(start, end, step, NONE);
    }

    /** Returns {@link #arange(Number)} with options. {@code torch.arange}. */
    public static Tensor arange(Number end, TensorOptions options) {
        return arange(0, end, 1, options);
    }

    /** Returns {@link #arange(Number, Number)} with options. {@code torch.arange}. */
    public static Tensor arange(Number start, Number end, TensorOptions options) {
        return arange(start, end, 1, options);
    }

    /**
     * Returns {@code start}, {@code start + step} and so on, excluding {@code end}: by default int64 if all three are
     * integers, else of the default dtype. {@code torch.arange}.
     */
    public static Tensor arange(Number start, Number end, Number step, TensorOptions options) {
        Arguments.notNull("arange", "start", start);
        Arguments.notNull("arange", "end", end);
        Arguments.notNull("arange", "step", step);
        Device device = device("arange", options);
        return marked(
                start("arange"),
                CreationOps.arange(start, end, step, options.dtypeOr(Promotion.resultType(start, end, step)), device),
                options);
    }

    /** Returns {@code steps} numbers, evenly spaced from {@code start} to {@code end}. {@code torch.linspace}. */
    public static Tensor linspace(Number start, Number end, long steps) {
        return linspace(start, end, steps, NONE);
    }

    /** Returns {@link #linspace(Number, Number, long)} with options. {@code torch.linspace}. */
    public static Tensor linspace(Number start, Number end, long steps, TensorOptions options) {
        Arguments.notNull("linspace", "start", start);
        Arguments.notNull("linspace", "end", end);
        Device device = device("linspace", options);
        return marked(start("linspace"), CreationOps.linspace(start, end, steps, dtype(options), device), options);
    }

    private static void given(String operation, Object start, Object end, TensorOptions options) {
        Arguments.notNull(operation, "start", start);
        Arguments.notNull(operation, "end", end);
        Arguments.notNull(operation, "options", options);
    }

    /** Returns {@link #linspace(Number, Number, long)} between tensors without dimensions. {@code torch.linspace}. */
    public static Tensor linspace(Tensor start, Tensor end, long steps, TensorOptions options) {
        given("linspace", start, end, options);
        return linspace(
                CreationOps.end("linspace", start, true, end),
                CreationOps.end("linspace", end, false, start),
                steps,
                options);
    }

    /** Returns {@link #linspace(Tensor, Tensor, long, TensorOptions)} from a number. {@code torch.linspace}. */
    public static Tensor linspace(Number start, Tensor end, long steps, TensorOptions options) {
        given("linspace", start, end, options);
        return linspace(start, CreationOps.end("linspace", end, false, null), steps, options);
    }

    /** Returns {@link #linspace(Tensor, Tensor, long, TensorOptions)} to a number. {@code torch.linspace}. */
    public static Tensor linspace(Tensor start, Number end, long steps, TensorOptions options) {
        given("linspace", start, end, options);
        return linspace(CreationOps.end("linspace", start, true, null), end, steps, options);
    }

    /** Returns powers of 10 with exponents evenly spaced from {@code start} to {@code end}. {@code torch.logspace}. */
    public static Tensor logspace(Number start, Number end, long steps) {
        return logspace(start, end, steps, 10, NONE);
    }

    /**
     * Returns powers of a base with exponents evenly spaced from {@code start} to {@code end}. {@code
     * torch.logspace}.
     */
    public static Tensor logspace(Number start, Number end, long steps, double base) {
        return logspace(start, end, steps, base, NONE);
    }

    /** Returns {@link #logspace(Number, Number, long, double)} with options. {@code torch.logspace}. */
    public static Tensor logspace(Number start, Number end, long steps, double base, TensorOptions options) {
        Arguments.notNull("logspace", "start", start);
        Arguments.notNull("logspace", "end", end);
        Device device = device("logspace", options);
        return marked(
                start("logspace"), CreationOps.logspace(start, end, steps, base, dtype(options), device), options);
    }

    /** Returns {@link #logspace(Number, Number, long, double)} between tensors. {@code torch.logspace}. */
    public static Tensor logspace(Tensor start, Tensor end, long steps, double base, TensorOptions options) {
        given("logspace", start, end, options);
        return logspace(
                CreationOps.end("logspace", start, true, end),
                CreationOps.end("logspace", end, false, start),
                steps,
                base,
                options);
    }

    /** Returns {@link #logspace(Tensor, Tensor, long, double, TensorOptions)} from a number. {@code torch.logspace}. */
    public static Tensor logspace(Number start, Tensor end, long steps, double base, TensorOptions options) {
        given("logspace", start, end, options);
        return logspace(start, CreationOps.end("logspace", end, false, null), steps, base, options);
    }

    /** Returns {@link #logspace(Tensor, Tensor, long, double, TensorOptions)} to a number. {@code torch.logspace}. */
    public static Tensor logspace(Tensor start, Number end, long steps, double base, TensorOptions options) {
        given("logspace", start, end, options);
        return logspace(CreationOps.end("logspace", start, true, null), end, steps, base, options);
    }

    /** Returns {@link #trilIndices(long, long, long)} of the main diagonal. {@code torch.tril_indices}. */
    public static Tensor trilIndices(long row, long col) {
        return trilIndices(row, col, 0);
    }

    /** Returns the indices of a matrix's lower triangle, rows and columns, of size 2 x n. {@code torch.tril_indices}. */
    public static Tensor trilIndices(long row, long col, long offset) {
        return trilIndices(row, col, offset, NONE);
    }

    /** Returns {@link #trilIndices(long, long, long)} with options. {@code torch.tril_indices}. */
    public static Tensor trilIndices(long row, long col, long offset, TensorOptions options) {
        Device device = device("tril_indices", options);
        return CreationOps.triangle(false, row, col, offset, options.dtypeOr(Dtype.INT64), device);
    }

    /** Returns {@link #triuIndices(long, long, long)} of the main diagonal. {@code torch.triu_indices}. */
    public static Tensor triuIndices(long row, long col) {
        return triuIndices(row, col, 0);
    }

    /** Returns the indices of a matrix's upper triangle, rows and columns, of size 2 x n. {@code torch.triu_indices}. */
    public static Tensor triuIndices(long row, long col, long offset) {
        return triuIndices(row, col, offset, NONE);
    }

    /** Returns {@link #triuIndices(long, long, long)} with options. {@code torch.triu_indices}. */
    public static Tensor triuIndices(long row, long col, long offset, TensorOptions options) {
        Device device = device("triu_indices", options);
        return CreationOps.triangle(true, row, col, offset, options.dtypeOr(Dtype.INT64), device);
    }

    // Random numbers

    /** Sets the seed of the default generator, for all devices. {@code torch.manual_seed}. */
    public static void manualSeed(long seed) {
        Generator.standard().manualSeed(seed);
    }

    /** Returns uniform numbers in [0, 1) of the default dtype. {@code torch.rand}. */
    public static Tensor rand(long... size) {
        return rand(NONE, size);
    }

    /** Returns uniform numbers in [0, 1) of the default dtype. {@code torch.rand}. */
    public static Tensor rand(Shape size) {
        return rand(size, NONE);
    }

    /** Returns uniform numbers in [0, 1). {@code torch.rand}. */
    public static Tensor rand(TensorOptions options, long... size) {
        Arguments.notNull("rand", "options", options);
        return marked(
                start("rand"),
                CreationOps.uninitialized(
                                dtype(options), device("rand", options), Arguments.notNull("rand", "size", size))
                        .uniform_()
                        .data(),
                options);
    }

    /** Returns uniform numbers in [0, 1). {@code torch.rand}. */
    public static Tensor rand(Shape size, TensorOptions options) {
        Arguments.notNull("rand", "options", options);
        return rand(options, sizes("rand", size));
    }

    /** Returns normal numbers of mean 0 and deviation 1 of the default dtype. {@code torch.randn}. */
    public static Tensor randn(long... size) {
        return randn(NONE, size);
    }

    /** Returns normal numbers of mean 0 and deviation 1 of the default dtype. {@code torch.randn}. */
    public static Tensor randn(Shape size) {
        return randn(size, NONE);
    }

    /** Returns normal numbers of mean 0 and deviation 1. {@code torch.randn}. */
    public static Tensor randn(TensorOptions options, long... size) {
        Arguments.notNull("randn", "options", options);
        return marked(
                start("randn"),
                CreationOps.uninitialized(
                                dtype(options), device("randn", options), Arguments.notNull("randn", "size", size))
                        .normal_()
                        .data(),
                options);
    }

    /** Returns normal numbers of mean 0 and deviation 1. {@code torch.randn}. */
    public static Tensor randn(Shape size, TensorOptions options) {
        Arguments.notNull("randn", "options", options);
        return randn(options, sizes("randn", size));
    }

    /** Returns integers in [0, high), int64. {@code torch.randint}. */
    public static Tensor randint(long high, Shape size) {
        return randint(0, high, size, NONE);
    }

    /** Returns integers in [0, high). {@code torch.randint}. */
    public static Tensor randint(long high, Shape size, TensorOptions options) {
        return randint(0, high, size, options);
    }

    /** Returns integers in [low, high), int64. {@code torch.randint}. */
    public static Tensor randint(long low, long high, Shape size) {
        return randint(low, high, size, NONE);
    }

    /** Returns integers in [low, high). {@code torch.randint}. */
    public static Tensor randint(long low, long high, Shape size, TensorOptions options) {
        Device device = device("randint", options);
        Tensor t = CreationOps.uninitialized(options.dtypeOr(Dtype.INT64), device, sizes("randint", size));
        return marked(t.random_(low, high).data(), options);
    }

    /** Returns the numbers 0 to n - 1 in random order, int64. {@code torch.randperm}. */
    public static Tensor randperm(long n) {
        return randperm(n, NONE);
    }

    /** Returns the numbers 0 to n - 1 in random order. {@code torch.randperm}. */
    public static Tensor randperm(long n, TensorOptions options) {
        Device device = device("randperm", options);
        return marked(start("randperm"), RandomOps.randperm(n, options.dtypeOr(Dtype.INT64), device, null), options);
    }

    /** Returns normal numbers with a mean and a deviation. {@code torch.normal}. */
    public static Tensor normal(double mean, double std, Shape size) {
        return normal(mean, std, size, NONE);
    }

    /** Returns normal numbers with a mean and a deviation. {@code torch.normal}. */
    public static Tensor normal(double mean, double std, Shape size, TensorOptions options) {
        Device device = device("normal", options);
        Tensor t = CreationOps.uninitialized(dtype(options), device, sizes("normal", size));
        return marked(t.normal_(mean, std).data(), options);
    }

    /** Returns normal numbers with a mean and a deviation per element. {@code torch.normal}. */
    public static Tensor normal(Tensor mean, Tensor std) {
        Tensor sum = Arguments.notNull("normal", "mean", mean).add(Arguments.notNull("normal", "std", std));
        return sum.detach().zerosLike().normal_().mul(std).add(mean);
    }
}
