package dev.cotangent.tests.golden;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Convolutions and sliding blocks, whose options are keywords or more arguments in Python. */
final class ConvolutionCalls {
    private static final String CONV = "input weight bias stride padding dilation groups";
    private static final String TRANSPOSED = "input weight bias stride padding output_padding groups dilation";
    private static final Map<String, String> PARAMETERS = Map.of(
            "nn.functional.conv1d", CONV,
            "nn.functional.conv2d", CONV,
            "nn.functional.conv3d", CONV,
            "nn.functional.conv_transpose1d", TRANSPOSED,
            "nn.functional.conv_transpose2d", TRANSPOSED,
            "nn.functional.conv_transpose3d", TRANSPOSED,
            "nn.functional.unfold", "input kernel_size dilation padding stride",
            "nn.functional.fold", "input output_size kernel_size dilation padding stride");

    private ConvolutionCalls() {}

    /** Returns whether an operation is called here. */
    static boolean has(String op) {
        return PARAMETERS.containsKey(op);
    }

    /** Calls one. */
    static Tensor call(String op, List<?> args, Map<String, ?> kwargs) {
        String[] names = PARAMETERS.get(op).split(" ");
        Map<String, @Nullable Object> given = new LinkedHashMap<>();
        for (int i = 0; i < args.size(); i++) given.put(names[i], args.get(i));
        given.putAll(kwargs);
        Tensor x = (Tensor) given.remove("input");
        Tensor weight = (Tensor) given.remove("weight");
        Tensor bias = (Tensor) given.remove("bias");
        long[] kernel = pair(given.remove("kernel_size"));
        long[] size = pair(given.remove("output_size"));
        return switch (op.substring("nn.functional.".length())) {
            case "conv1d" -> x.conv1d(weight, bias, OptionCalls.with(Tensors.convOptions(), given));
            case "conv2d" -> x.conv2d(weight, bias, OptionCalls.with(Tensors.convOptions(), given));
            case "conv3d" -> x.conv3d(weight, bias, OptionCalls.with(Tensors.convOptions(), given));
            case "unfold" -> x.unfold(kernel, OptionCalls.with(Tensors.unfoldOptions(), given));
            case "fold" -> x.fold(size, kernel, OptionCalls.with(Tensors.unfoldOptions(), given));
            case "conv_transpose1d" ->
                x.convTranspose1d(weight, bias, OptionCalls.with(Tensors.convTransposeOptions(), given));
            case "conv_transpose2d" ->
                x.convTranspose2d(weight, bias, OptionCalls.with(Tensors.convTransposeOptions(), given));
            default -> x.convTranspose3d(weight, bias, OptionCalls.with(Tensors.convTransposeOptions(), given));
        };
    }

    private static long[] pair(@Nullable Object value) {
        if (value instanceof Long n) return new long[] {n, n};
        List<@Nullable Object> items = Arg.items(value);
        if (items == null) return new long[0];
        return Arrays.stream(items.toArray()).mapToLong(i -> (Long) i).toArray();
    }
}
