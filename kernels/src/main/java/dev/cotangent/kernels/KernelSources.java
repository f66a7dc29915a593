package dev.cotangent.kernels;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Distribution;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Scan;
import dev.cotangent.backend.Scatter;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Program;
import dev.cotangent.ir.ScalarOp;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sources of all device kernels: the prelude, the template's specialization (types, a program), and the template.
 * {@code wide} selects 64-bit indices, needed for storages of 2^31 elements or more.
 *
 * <p>Compile them without fused multiply-add ({@code --fmad=false}), so that results have the same bits however
 * operations are fused.
 */
public final class KernelSources {
    private static final Map<String, String> TEXTS = new ConcurrentHashMap<>();

    private KernelSources() {}

    /** Returns kernels {@code contiguous} and {@code strided}. */
    public static KernelSource pointwise(Program program, boolean wide) {
        return source(
                "pointwise", "pointwise " + program, wide, functions(program) + CudaCodeGenerator.of(program, true));
    }

    /** Returns how many elements the kernel {@code contiguous} of a program loads at once, from addresses so aligned. */
    public static int vectorWidth(Program program) {
        return CudaCodeGenerator.width(program);
    }

    /** Returns kernels {@code reduce} and {@code finish}; {@code result} is the dtype of the reduction's output. */
    public static KernelSource reduce(Reduction kind, Program program, Dtype result, boolean wide) {
        Dtype value = program.outputs().getFirst().dtype();
        boolean real = value.isFloatingPoint();
        String accumulator = switch (kind) {
            case SUM -> real ? "Sum" : "IntegerSum";
            case PROD -> real ? "Prod" : "IntegerProd";
            case MAX, MIN -> "Extremum";
            case ARGMAX, ARGMIN -> "ArgExtremum";
            case ANY -> "Any";
            case ALL -> "All";
        };
        return source(
                "reduce",
                "reduce " + kind + " " + program,
                wide,
                "typedef %s Value;\ntypedef %s Result;\n#define ACCUMULATOR %s\n#define MAXIMUM %b\n"
                                .formatted(
                                        CudaTypes.of(value),
                                        CudaTypes.of(result),
                                        accumulator,
                                        kind == Reduction.MAX || kind == Reduction.ARGMAX)
                        + functions(program)
                        + CudaCodeGenerator.of(program, false));
    }

    /** Returns the maximal size of a reduction's accumulator in bytes. */
    public static int accumulatorBytes() {
        return 24;
    }

    /** Returns kernels {@code lines} and {@code blocks}. */
    public static KernelSource scan(Scan kind, Dtype dtype, boolean wide) {
        String wideType = dtype.isFloatingPoint() ? "double" : "i64";
        return source(
                "scan",
                "scan " + kind + " " + dtype.torchName(),
                wide,
                "typedef %s Value;\ntypedef %s Wide;\n#define COMBINE %s_\n#define IDENTITY %d\n"
                        .formatted(CudaTypes.of(dtype), wideType, combiner(kind.name()), kind == Scan.PROD ? 1 : 0));
    }

    private static String combiner(String kind) {
        return switch (kind) {
            case "SUM", "ADD" -> "add";
            case "PROD", "MUL" -> "mul";
            case "MAX" -> "max";
            default -> "min";
        };
    }

    /** Returns kernel {@code gather}. */
    public static KernelSource gather(Dtype dtype, boolean wide) {
        return source("gather", "gather " + dtype.torchName(), wide, "typedef " + CudaTypes.of(dtype) + " Value;\n");
    }

    /** Returns kernels {@code check}, {@code scatter} and {@code segments}. */
    public static KernelSource scatter(Scatter kind, Dtype dtype, boolean wide) {
        String combined =
                kind == Scatter.SET ? "(b)" : "cast<Value>(" + combiner(kind.name()) + "_(widen(a), widen(b)))";
        return source(
                "scatter",
                "scatter " + kind + " " + dtype.torchName(),
                wide,
                "typedef %s Value;\n#define COMBINE(a, b) %s\n".formatted(CudaTypes.of(dtype), combined));
    }

    /** Returns kernels {@code runs}, {@code merge} and {@code finish}. */
    public static KernelSource sort(Dtype dtype, boolean wide) {
        return source("sort", "sort " + dtype.torchName(), wide, "typedef " + CudaTypes.of(dtype) + " Value;\n");
    }

    /** Returns the bytes per element of each of a sort's two scratch buffers. */
    public static int sortEntryBytes() {
        return 16;
    }

    /** Returns kernel {@code draw}. */
    public static KernelSource random(Distribution kind, Dtype dtype, boolean wide) {
        String draw = switch (kind) {
            case UNIFORM -> "uniform";
            case NORMAL -> "normal";
            case BITS -> "bits";
        };
        return source(
                "random",
                "random " + kind + " " + dtype.torchName(),
                wide,
                "typedef %s Value;\n#define DRAW %s\n".formatted(CudaTypes.of(dtype), draw));
    }

    /** Returns kernel {@code matmul}, for blocks of 16 x 16 threads. */
    public static KernelSource matmul(Dtype dtype, boolean wide) {
        Dtype sum = dtype.isFloatingPoint() ? dtype.computeType() : Dtype.INT64;
        return source(
                "matmul",
                "matmul " + dtype.torchName(),
                wide,
                "typedef %s Value;\ntypedef %s Wide;\n".formatted(CudaTypes.of(dtype), CudaTypes.of(sum)));
    }

    /** Returns kernels {@code softmax} and {@code softmax_backward}. */
    public static KernelSource softmax(Dtype dtype, boolean log, boolean wide) {
        return source(
                "softmax",
                (log ? "log_softmax " : "softmax ") + dtype.torchName(),
                wide,
                "typedef %s Value;\ntypedef %s Wide;\n#define LOGARITHM %b\n"
                        .formatted(CudaTypes.of(dtype), CudaTypes.of(dtype.computeType()), log));
    }

    /** Returns kernels {@code normalize} and {@code normalize_backward}, for the dtypes of input, weight and bias. */
    public static KernelSource normalize(Dtype dtype, Dtype weight, Dtype bias, boolean wide) {
        return source(
                "normalize",
                "normalize " + dtype.torchName(),
                wide,
                "typedef %s Value;\ntypedef %s Wide;\ntypedef %s Scale;\ntypedef %s Shift;\n"
                        .formatted(
                                CudaTypes.of(dtype),
                                CudaTypes.of(dtype.computeType()),
                                CudaTypes.of(weight),
                                CudaTypes.of(bias)));
    }

    /** Returns kernels {@code nll} and {@code nll_backward}. */
    public static KernelSource nll(Dtype dtype, boolean wide) {
        return source(
                "nll",
                "nll " + dtype.torchName(),
                wide,
                "typedef %s Value;\ntypedef %s Wide;\n"
                        .formatted(CudaTypes.of(dtype), CudaTypes.of(dtype.computeType())));
    }

    /** Returns the device functions that few programs call, for those that do. */
    private static String functions(Program program) {
        for (Expr e : program.steps()) {
            if (e.kind() == Expr.Kind.CALL && isSpecial(e.op())) return text("special.cuh");
        }
        return "";
    }

    private static boolean isSpecial(ScalarOp op) {
        return switch (op) {
            case ZETA, GAMMAINC, GAMMAINCC -> true;
            case CHEBYSHEV_T, CHEBYSHEV_U, CHEBYSHEV_V, CHEBYSHEV_W -> true;
            case HERMITE_H, HERMITE_HE, LAGUERRE_L, LEGENDRE_P -> true;
            default -> false;
        };
    }

    private static KernelSource source(String template, String name, boolean wide, String specialization) {
        String index = wide
                ? "typedef unsigned long long Index;\ntypedef long long Offset;\n"
                : "typedef unsigned int Index;\ntypedef int Offset;\n";
        return new KernelSource(name, index + text("prelude.cuh") + specialization + text(template + ".cu"));
    }

    private static String text(String file) {
        return TEXTS.computeIfAbsent(file, f -> {
            try (InputStream in = KernelSources.class.getResourceAsStream(f)) {
                if (in == null) throw new IllegalStateException("the resource " + f + " is missing");
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
