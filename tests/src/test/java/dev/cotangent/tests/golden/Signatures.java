package dev.cotangent.tests.golden;

import dev.cotangent.PoolOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Names of PyTorch's arguments after the input, for operations that take options in Java: all are bound as keywords. */
final class Signatures {
    private static final String RETURNS_INDICES = "return_indices";
    private static final Set<String> SIZES = Set.of("kernel_size", "output_size", "size");
    private static final Map<String, String> NAMES = new HashMap<>();

    static {
        add("weight bias stride padding dilation groups", "conv1d", "conv2d", "conv3d");
        add(
                "weight bias stride padding output_padding groups dilation",
                "conv_transpose1d",
                "conv_transpose2d",
                "conv_transpose3d");
        add("kernel_size dilation padding stride", "unfold");
        add("output_size kernel_size dilation padding stride", "fold");
        add(
                "kernel_size stride padding dilation ceil_mode return_indices",
                "max_pool1d",
                "max_pool2d",
                "max_pool3d",
                "max_pool2d_with_indices_backward");
        add(
                "kernel_size stride padding ceil_mode count_include_pad divisor_override",
                "avg_pool1d",
                "avg_pool2d",
                "avg_pool3d");
        add("norm_type kernel_size stride ceil_mode", "lp_pool1d", "lp_pool2d", "lp_pool3d");
        add(
                "kernel_size output_size output_ratio return_indices _random_samples",
                "fractional_max_pool2d",
                "fractional_max_pool3d");
        add("output_size", "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d");
        add("output_size return_indices", "adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d");
        add("indices kernel_size stride padding output_size", "max_unpool1d", "max_unpool2d", "max_unpool3d");
        add("size scale_factor mode align_corners recompute_scale_factor antialias", "interpolate", "upsample");
        add("size scale_factor", "upsample_nearest", "upsample_bilinear");
        add("size align_corners", "affine_grid");
        add("grid mode padding_mode align_corners", "grid_sample", "grid_sampler_2d", "grid_sampler_3d");
        add("targets input_lengths target_lengths blank reduction zero_infinity", "ctc_loss");
        add("key value attn_mask dropout_p is_causal scale enable_gqa", "scaled_dot_product_attention");
    }

    private static void add(String names, String... ops) {
        for (String op : ops) NAMES.put(op, names);
    }

    private Signatures() {}

    private static String bare(String op) {
        return op.substring(op.lastIndexOf('.') + 1);
    }

    /**
     * Returns whether an operation is bound by its argument names. {@code unfold} alone is another method of tensors.
     */
    static boolean has(String op) {
        return NAMES.containsKey(bare(op)) && !op.equals("unfold");
    }

    /** Returns the name of the operation in Java, which says whether indices are returned. */
    static String name(String op, Map<String, ?> keywords) {
        String name = bare(op);
        if (name.startsWith("grid_sampler")) return "grid_sample";
        return Boolean.TRUE.equals(keywords.get(RETURNS_INDICES)) ? name + "_with_indices" : name;
    }

    /**
     * Returns all arguments after the input by name, except None, which means the default or, in a size, the input's.
     */
    static Map<String, @Nullable Object> keywords(String op, List<?> args, Map<String, ?> kwargs) {
        String[] names = NAMES.get(bare(op)).split(" ");
        Map<String, @Nullable Object> given = new LinkedHashMap<>();
        for (int i = 1; i < args.size(); i++) given.put(names[i - 1], args.get(i));
        given.putAll(kwargs);
        boolean adaptive = bare(op).startsWith("adaptive_");
        boolean folds = bare(op).endsWith("fold");
        given.replaceAll(
                (name, value) -> !SIZES.contains(name) || value == null && !adaptive ? value : sizes(value, folds));
        given.values().removeIf(v -> v == null);
        return given;
    }

    private static Object sizes(@Nullable Object value, boolean folds) {
        List<@Nullable Object> items = Arg.items(value);
        if (items == null) {
            Object one = value == null ? (Object) PoolOptions.KEEP : value;
            return folds ? List.of(one, one) : one;
        }
        List<Object> all = new ArrayList<>();
        for (Object item : items) all.add(item == null ? (Object) PoolOptions.KEEP : item);
        return all;
    }

    /** Takes one number or several. */
    static long[] longs(Object value) {
        List<@Nullable Object> items = Arg.items(value);
        if (items == null) return new long[] {((Number) value).longValue()};
        return items.stream()
                .mapToLong(v -> v == null ? PoolOptions.KEEP : ((Number) v).longValue())
                .toArray();
    }
}
