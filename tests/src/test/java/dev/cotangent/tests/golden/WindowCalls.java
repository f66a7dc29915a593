package dev.cotangent.tests.golden;

import static dev.cotangent.Tensors.attentionOptions;
import static dev.cotangent.Tensors.ctcOptions;
import static dev.cotangent.Tensors.fractionalPoolOptions;
import static dev.cotangent.Tensors.gridSampleOptions;
import static dev.cotangent.Tensors.interpolateOptions;
import static dev.cotangent.Tensors.poolOptions;

import dev.cotangent.CtcOptions;
import dev.cotangent.FractionalPoolOptions;
import dev.cotangent.GridSampleOptions;
import dev.cotangent.InterpolateOptions;
import dev.cotangent.PoolOptions;
import dev.cotangent.Tensor;
import dev.cotangent.ValuesIndices;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pooling, interpolation, sampling and attention, whose options are values in Java: by PyTorch's names of arguments. */
final class WindowCalls {
    private static final String POOL = "kernel_size stride padding dilation ceil_mode return_indices";
    private static final String AVG = "kernel_size stride padding ceil_mode count_include_pad divisor_override";
    private static final String FRACTIONAL = "kernel_size output_size output_ratio return_indices _random_samples";
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("max_pool1d", POOL),
            Map.entry("max_pool2d", POOL),
            Map.entry("max_pool3d", POOL),
            Map.entry("max_pool2d_with_indices_backward", POOL),
            Map.entry("avg_pool1d", AVG),
            Map.entry("avg_pool2d", AVG),
            Map.entry("avg_pool3d", AVG),
            Map.entry("lp_pool1d", "norm_type kernel_size stride ceil_mode"),
            Map.entry("lp_pool2d", "norm_type kernel_size stride ceil_mode"),
            Map.entry("lp_pool3d", "norm_type kernel_size stride ceil_mode"),
            Map.entry("fractional_max_pool2d", FRACTIONAL),
            Map.entry("fractional_max_pool3d", FRACTIONAL),
            Map.entry("affine_grid", "size align_corners"),
            Map.entry("ctc_loss", "targets input_lengths target_lengths blank reduction zero_infinity"),
            Map.entry("adaptive_avg_pool1d", "output_size"),
            Map.entry("adaptive_avg_pool2d", "output_size"),
            Map.entry("adaptive_avg_pool3d", "output_size"),
            Map.entry("adaptive_max_pool1d", "output_size return_indices"),
            Map.entry("adaptive_max_pool2d", "output_size return_indices"),
            Map.entry("adaptive_max_pool3d", "output_size return_indices"),
            Map.entry("max_unpool1d", "indices kernel_size stride padding output_size"),
            Map.entry("max_unpool2d", "indices kernel_size stride padding output_size"),
            Map.entry("max_unpool3d", "indices kernel_size stride padding output_size"),
            Map.entry("interpolate", "size scale_factor mode align_corners recompute_scale_factor antialias"),
            Map.entry("upsample", "size scale_factor mode align_corners"),
            Map.entry("upsample_nearest", "size scale_factor"),
            Map.entry("upsample_bilinear", "size scale_factor"),
            Map.entry("grid_sample", "grid mode padding_mode align_corners"),
            Map.entry("grid_sampler_2d", "grid mode padding_mode align_corners"),
            Map.entry("grid_sampler_3d", "grid mode padding_mode align_corners"),
            Map.entry("scaled_dot_product_attention", "key value attn_mask dropout_p is_causal scale enable_gqa"));

    private WindowCalls() {}

    private static String bare(String op) {
        return op.substring(op.lastIndexOf('.') + 1);
    }

    static boolean knows(String op) {
        return NAMES.containsKey(bare(op));
    }

    static @Nullable Object call(String op, List<?> args, Map<String, ?> kwargs) {
        String name = bare(op);
        String[] names = NAMES.get(name).split(" ");
        Map<String, @Nullable Object> given = new LinkedHashMap<>();
        for (int i = 1; i < args.size(); i++) given.put(names[i - 1], args.get(i));
        given.putAll(kwargs);
        if (!(args.getFirst() instanceof Tensor x)) throw new NotOffered("no tensor");
        return switch (name) {
            case "max_pool1d", "max_pool2d", "max_pool3d" -> max(x, dims(name), given);
            case "max_pool2d_with_indices_backward" -> backward(x, given);
            case "avg_pool1d", "avg_pool2d", "avg_pool3d" -> avg(x, dims(name), given);
            case "fractional_max_pool2d", "fractional_max_pool3d" -> fractional(x, dims(name), given);
            case "affine_grid" ->
                x.affineGrid(longs(given.get("size")), Boolean.TRUE.equals(given.get("align_corners")));
            case "ctc_loss" -> ctc(x, given);
            case "lp_pool1d", "lp_pool2d", "lp_pool3d" -> {
                Number norm = (Number) given.remove("norm_type");
                long[] kernel = longs(given.remove("kernel_size"));
                yield switch (dims(name)) {
                    case 1 -> x.lpPool1d(norm, kernel, pool(given));
                    case 2 -> x.lpPool2d(norm, kernel, pool(given));
                    default -> x.lpPool3d(norm, kernel, pool(given));
                };
            }
            case "adaptive_avg_pool1d" -> x.adaptiveAvgPool1d(longs(given.get("output_size")));
            case "adaptive_avg_pool2d" -> x.adaptiveAvgPool2d(longs(given.get("output_size")));
            case "adaptive_avg_pool3d" -> x.adaptiveAvgPool3d(longs(given.get("output_size")));
            case "adaptive_max_pool1d" -> pair(x.adaptiveMaxPool1dWithIndices(longs(given.get("output_size"))), given);
            case "adaptive_max_pool2d" -> pair(x.adaptiveMaxPool2dWithIndices(longs(given.get("output_size"))), given);
            case "adaptive_max_pool3d" -> pair(x.adaptiveMaxPool3dWithIndices(longs(given.get("output_size"))), given);
            case "max_unpool1d", "max_unpool2d", "max_unpool3d" -> unpool(x, dims(name), given);
            case "interpolate" -> x.interpolate(interpolation(given));
            case "upsample" -> x.upsample(interpolation(given));
            case "upsample_nearest" -> x.upsampleNearest(interpolation(given));
            case "upsample_bilinear" -> x.upsampleBilinear(interpolation(given));
            case "scaled_dot_product_attention" -> {
                Tensor key = (Tensor) given.remove("key");
                Tensor value = (Tensor) given.remove("value");
                yield x.scaledDotProductAttention(key, value, OptionCalls.with(attentionOptions(), known(given)));
            }
            default -> grid(x, given);
        };
    }

    private static int dims(String name) {
        return name.charAt(name.length() - 2) - '0';
    }

    /** Removes None, which means the default. */
    private static Map<String, @Nullable Object> known(Map<String, @Nullable Object> given) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>(given);
        out.values().removeIf(v -> v == null);
        return out;
    }

    /** Takes one number or several; None stands for the input's size. */
    static long[] longs(@Nullable Object value) {
        List<@Nullable Object> items = Arg.items(value);
        if (items == null) return new long[] {value == null ? PoolOptions.KEEP : ((Number) value).longValue()};
        return items.stream()
                .mapToLong(v -> v == null ? PoolOptions.KEEP : ((Number) v).longValue())
                .toArray();
    }

    private static double[] doubles(Object value) {
        List<@Nullable Object> items = Arg.items(value);
        if (items == null) return new double[] {((Number) value).doubleValue()};
        return items.stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray();
    }

    /** Takes the options of pooling. */
    static PoolOptions pool(Map<String, @Nullable Object> given) {
        PoolOptions o = poolOptions();
        for (Map.Entry<String, @Nullable Object> e : known(given).entrySet()) {
            Object v = e.getValue();
            o = switch (e.getKey()) {
                case "stride" -> o.stride(longs(v));
                case "padding" -> o.padding(longs(v));
                case "dilation" -> o.dilation(longs(v));
                case "ceil_mode" -> o.ceilMode((Boolean) v);
                case "count_include_pad" -> o.countIncludePad((Boolean) v);
                case "divisor_override" -> o.divisorOverride((Long) v);
                case "return_indices" -> o;
                default -> throw new NotOffered("no option " + e.getKey());
            };
        }
        return o;
    }

    private static Object pair(ValuesIndices both, Map<String, @Nullable Object> given) {
        return Boolean.TRUE.equals(given.get("return_indices"))
                ? List.of(both.values(), both.indices())
                : both.values();
    }

    private static Object max(Tensor x, int dims, Map<String, @Nullable Object> given) {
        long[] k = longs(given.remove("kernel_size"));
        PoolOptions o = pool(given);
        if (Boolean.TRUE.equals(given.get("return_indices"))) {
            return pair(
                    switch (dims) {
                        case 1 -> x.maxPool1dWithIndices(k, o);
                        case 2 -> x.maxPool2dWithIndices(k, o);
                        default -> x.maxPool3dWithIndices(k, o);
                    },
                    given);
        }
        return switch (dims) {
            case 1 -> x.maxPool1d(k, o);
            case 2 -> x.maxPool2d(k, o);
            default -> x.maxPool3d(k, o);
        };
    }

    /** Pools and differentiates with a gradient of ones, as the record does. */
    private static Tensor backward(Tensor x, Map<String, @Nullable Object> given) {
        long[] k = longs(given.remove("kernel_size"));
        PoolOptions o = pool(given);
        ValuesIndices pooled = x.maxPool2dWithIndices(k, o);
        return pooled.values().onesLike().maxPool2dWithIndicesBackward(x, k, o, pooled.indices());
    }

    private static Tensor avg(Tensor x, int dims, Map<String, @Nullable Object> given) {
        long[] k = longs(given.remove("kernel_size"));
        PoolOptions o = pool(given);
        return switch (dims) {
            case 1 -> x.avgPool1d(k, o);
            case 2 -> x.avgPool2d(k, o);
            default -> x.avgPool3d(k, o);
        };
    }

    private static Object fractional(Tensor x, int dims, Map<String, @Nullable Object> given) {
        long[] k = longs(given.get("kernel_size"));
        FractionalPoolOptions o = fractionalPoolOptions();
        for (Map.Entry<String, @Nullable Object> e : known(given).entrySet()) {
            Object v = e.getValue();
            o = switch (e.getKey()) {
                case "output_size" -> o.outputSize(longs(v));
                case "output_ratio" -> o.outputRatio(doubles(v));
                case "_random_samples" -> o.randomSamples((Tensor) v);
                default -> o;
            };
        }
        return pair(dims == 2 ? x.fractionalMaxPool2dWithIndices(k, o) : x.fractionalMaxPool3dWithIndices(k, o), given);
    }

    private static Tensor ctc(Tensor x, Map<String, @Nullable Object> given) {
        Tensor targets = (Tensor) given.remove("targets");
        Object in = given.remove("input_lengths");
        Object of = given.remove("target_lengths");
        CtcOptions o = ctcOptions();
        if (given.get("reduction") instanceof String s) o = o.reduction(s);
        if (given.get("blank") instanceof Long n) o = o.blank(n);
        if (given.get("zero_infinity") instanceof Boolean b) o = o.zeroInfinity(b);
        return in instanceof Tensor lengths
                ? x.ctcLoss(targets, lengths, (Tensor) of, o)
                : x.ctcLoss(targets, longs(in), longs(of), o);
    }

    private static Tensor unpool(Tensor x, int dims, Map<String, @Nullable Object> given) {
        Tensor indices = (Tensor) given.remove("indices");
        long[] k = longs(given.remove("kernel_size"));
        Object size = given.remove("output_size");
        long[] sizes = size == null ? new long[0] : longs(size);
        PoolOptions o = pool(given);
        return switch (dims) {
            case 1 -> x.maxUnpool1d(indices, k, o, sizes);
            case 2 -> x.maxUnpool2d(indices, k, o, sizes);
            default -> x.maxUnpool3d(indices, k, o, sizes);
        };
    }

    /** Takes the options of interpolation. */
    static InterpolateOptions interpolation(Map<String, @Nullable Object> given) {
        InterpolateOptions o = interpolateOptions();
        for (Map.Entry<String, @Nullable Object> e : known(given).entrySet()) {
            Object v = e.getValue();
            o = switch (e.getKey()) {
                case "size" -> o.size(longs(v));
                case "scale_factor" -> o.scaleFactor(doubles(v));
                case "mode" -> o.mode((String) v);
                case "align_corners" -> o.alignCorners((Boolean) v);
                case "recompute_scale_factor" -> o.recomputeScaleFactor((Boolean) v);
                case "antialias" -> o.antialias((Boolean) v);
                default -> throw new NotOffered("no option " + e.getKey());
            };
        }
        return o;
    }

    private static Tensor grid(Tensor x, Map<String, @Nullable Object> given) {
        Tensor grid = (Tensor) given.remove("grid");
        GridSampleOptions o = gridSampleOptions();
        for (Map.Entry<String, @Nullable Object> e : known(given).entrySet()) {
            Object v = e.getValue();
            o = switch (e.getKey()) {
                case "mode" ->
                    v instanceof Long n ? o.mode(GridSampleOptions.Mode.values()[n.intValue()]) : o.mode((String) v);
                case "padding_mode" ->
                    v instanceof Long n
                            ? o.paddingMode(GridSampleOptions.PaddingMode.values()[n.intValue()])
                            : o.paddingMode((String) v);
                default -> o.alignCorners((Boolean) v);
            };
        }
        return x.gridSample(grid, o);
    }
}
