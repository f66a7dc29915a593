package dev.cotangent.tests.golden;

import static dev.cotangent.Tensors.ctcOptions;
import static dev.cotangent.Tensors.interpolateOptions;
import static dev.cotangent.Tensors.poolOptions;

import dev.cotangent.CtcOptions;
import dev.cotangent.InterpolateOptions;
import dev.cotangent.PoolOptions;
import dev.cotangent.Tensor;
import dev.cotangent.ValuesIndices;
import dev.cotangent.nn.AdaptiveAvgPool1d;
import dev.cotangent.nn.AdaptiveAvgPool2d;
import dev.cotangent.nn.AdaptiveAvgPool3d;
import dev.cotangent.nn.AdaptiveMaxPool1d;
import dev.cotangent.nn.AdaptiveMaxPool2d;
import dev.cotangent.nn.AdaptiveMaxPool3d;
import dev.cotangent.nn.AvgPool1d;
import dev.cotangent.nn.AvgPool2d;
import dev.cotangent.nn.AvgPool3d;
import dev.cotangent.nn.CTCLoss;
import dev.cotangent.nn.LPPool1d;
import dev.cotangent.nn.LPPool2d;
import dev.cotangent.nn.LPPool3d;
import dev.cotangent.nn.MaxPool1d;
import dev.cotangent.nn.MaxPool2d;
import dev.cotangent.nn.MaxPool3d;
import dev.cotangent.nn.Module;
import dev.cotangent.nn.Upsample;
import dev.cotangent.nn.UpsamplingBilinear2d;
import dev.cotangent.nn.UpsamplingNearest2d;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/** Modules of pooling and interpolation, and the CTC loss. */
final class WindowModules {
    /** Modules that return indices as well, which in Java is another method. */
    private static final Set<Module> WITH_INDICES =
            java.util.Collections.synchronizedSet(java.util.Collections.newSetFromMap(new WeakHashMap<>()));

    private WindowModules() {}

    static boolean knows(String name) {
        return name.contains("Pool");
    }

    static String positions(String name) {
        if (name.startsWith("Adaptive")) return "output_size return_indices";
        if (name.startsWith("LP")) return "norm_type kernel_size stride ceil_mode";
        return name.startsWith("Max")
                ? "kernel_size stride padding dilation return_indices ceil_mode"
                : "kernel_size stride padding ceil_mode count_include_pad divisor_override";
    }

    private static Map<String, @Nullable Object> known(Map<String, @Nullable Object> given) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>(given);
        out.values().removeIf(v -> v == null);
        return out;
    }

    static @Nullable Module make(String name, Map<String, @Nullable Object> given) {
        switch (name) {
            case "CTCLoss" -> {
                CtcOptions o = OptionCalls.with(ctcOptions(), Map.copyOf(given));
                given.clear();
                return new CTCLoss(o);
            }
            case "Upsample", "UpsamplingNearest2d", "UpsamplingBilinear2d" -> {
                InterpolateOptions o = OptionCalls.with(interpolateOptions(), known(given));
                given.clear();
                return switch (name) {
                    case "Upsample" -> new Upsample(o);
                    case "UpsamplingNearest2d" -> new UpsamplingNearest2d(o);
                    default -> new UpsamplingBilinear2d(o);
                };
            }
            default -> {
                return knows(name) ? pool(name, given) : null;
            }
        }
    }

    private static Module pool(String name, Map<String, @Nullable Object> given) {
        boolean indices = Boolean.TRUE.equals(given.remove("return_indices"));
        Object output = given.remove("output_size");
        Object kernel = given.remove("kernel_size");
        Object norm = given.remove("norm_type");
        PoolOptions o = OptionCalls.with(poolOptions(), known(given));
        given.clear();
        long[] k = kernel == null ? new long[0] : Signatures.longs(kernel);
        long[] size = output == null ? new long[0] : Signatures.longs(output);
        Module made = switch (name) {
            case "MaxPool1d" -> new MaxPool1d(k, o);
            case "MaxPool2d" -> new MaxPool2d(k, o);
            case "MaxPool3d" -> new MaxPool3d(k, o);
            case "AvgPool1d" -> new AvgPool1d(k, o);
            case "AvgPool2d" -> new AvgPool2d(k, o);
            case "AvgPool3d" -> new AvgPool3d(k, o);
            case "LPPool1d" -> new LPPool1d((Number) norm, k, o);
            case "LPPool2d" -> new LPPool2d((Number) norm, k, o);
            case "LPPool3d" -> new LPPool3d((Number) norm, k, o);
            case "AdaptiveAvgPool1d" -> new AdaptiveAvgPool1d(size);
            case "AdaptiveAvgPool2d" -> new AdaptiveAvgPool2d(size);
            case "AdaptiveAvgPool3d" -> new AdaptiveAvgPool3d(size);
            case "AdaptiveMaxPool1d" -> new AdaptiveMaxPool1d(size);
            case "AdaptiveMaxPool2d" -> new AdaptiveMaxPool2d(size);
            case "AdaptiveMaxPool3d" -> new AdaptiveMaxPool3d(size);
            default -> throw new NotOffered("no module " + name);
        };
        if (indices) WITH_INDICES.add(made);
        return made;
    }

    /** Returns the results of a module with several results or with arguments that are no tensors; null for others. */
    static @Nullable Object forward(Module module, List<@Nullable Object> args) {
        if (module instanceof CTCLoss m) {
            Tensor x = (Tensor) args.get(0);
            Tensor targets = (Tensor) args.get(1);
            return args.get(2) instanceof Tensor lengths
                    ? m.run(x, targets, lengths, (Tensor) args.get(3))
                    : m.run(x, targets, Signatures.longs(args.get(2)), Signatures.longs(args.get(3)));
        }
        if (!WITH_INDICES.contains(module)) return null;
        Tensor x = (Tensor) args.getFirst();
        ValuesIndices both = switch (module) {
            case MaxPool1d m -> m.runWithIndices(x);
            case MaxPool2d m -> m.runWithIndices(x);
            case MaxPool3d m -> m.runWithIndices(x);
            case AdaptiveMaxPool1d m -> m.runWithIndices(x);
            case AdaptiveMaxPool2d m -> m.runWithIndices(x);
            case AdaptiveMaxPool3d m -> m.runWithIndices(x);
            default -> throw new NotOffered("indices of " + module);
        };
        return List.of(both.values(), both.indices());
    }
}
