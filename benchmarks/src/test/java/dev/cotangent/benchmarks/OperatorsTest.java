package dev.cotangent.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.benchmarks.operators.Operators;
import dev.cotangent.internal.ops.elementwise.ElementwiseOp;
import dev.cotangent.internal.ops.elementwise.ElementwiseOps;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of operations is complete, and each of its rows runs. */
class OperatorsTest {
    /** What has no row, and why. */
    private enum LeftOut {
        /** Answers a question about a tensor and computes nothing. */
        QUESTION(
                "attentionOptions",
                "broadcastShapes",
                "convOptions",
                "convTransposeOptions",
                "covarianceOptions",
                "ctcOptions",
                "device",
                "dim",
                "dtype",
                "fractionalPoolOptions",
                "getDefaultDtype",
                "grad",
                "gradFn",
                "gradientOptions",
                "gridSampleOptions",
                "histogramOptions",
                "interpolateOptions",
                "isComplex",
                "isConj",
                "isContiguous",
                "isInference",
                "isLeaf",
                "isNeg",
                "istftOptions",
                "len",
                "lossOptions",
                "numel",
                "options",
                "outputIndex",
                "poolOptions",
                "requiresGrad",
                "resultType",
                "retainsGrad",
                "shape",
                "size",
                "stftOptions",
                "stride",
                "toString",
                "type",
                "unfoldOptions"),
        /** Belongs to the graph, and is measured by every row with a backward pass or by none. */
        GRAPH(
                "backward",
                "detach_",
                "registerHook",
                "registerPostAccumulateGradHook",
                "requiresGrad_",
                "retainGrad",
                "setData",
                "setGrad"),
        /** Hands data to Java or takes it from there. */
        EXCHANGE(
                "asByteBuffer",
                "asDoubleBuffer",
                "asFloatBuffer",
                "asIntBuffer",
                "asLongBuffer",
                "asShortBuffer",
                "bfloat16Tensor",
                "boolTensor",
                "byteTensor",
                "charTensor",
                "cpu",
                "cuda",
                "doubleTensor",
                "floatTensor",
                "from",
                "fromNumpy",
                "halfTensor",
                "intTensor",
                "item",
                "itemBoolean",
                "itemComplex",
                "itemDouble",
                "itemLong",
                "longTensor",
                "newTensor",
                "numpy",
                "of",
                "scalar",
                "scalarTensor",
                "shortTensor",
                "tensor",
                "toBooleanArray",
                "toComplexArray",
                "toDoubleArray",
                "toFloatArray",
                "toIntArray",
                "toLongArray",
                "toNestedArray"),
        /** Returns a Java boolean after element-wise operations and a reduction, which have rows. */
        ANSWER("allclose", "equal"),
        /** Costs what a function of the caller costs. */
        OF_A_FUNCTION("tripletMarginWithDistanceLoss"),
        /** Takes at most 2^24 weights, fewer than the large sizes of the table. */
        LIMITED("multinomial"),
        /** Is Java's form of {@code unbind}. */
        ITERATION("forEach", "iterator", "spliterator"),
        /** Changes its operand's memory for good, or what the process draws next. */
        LASTING("manualSeed", "resize_", "setDefaultDtype", "set_");

        private final Set<String> names;

        LeftOut(String... names) {
            this.names = Set.of(names);
        }

        private static Set<String> all() {
            return Arrays.stream(values()).flatMap(l -> l.names.stream()).collect(Collectors.toSet());
        }
    }

    /** Returns the names of all public operations. */
    private static Set<String> offered() {
        return Stream.of(Tensor.class, Tensors.class)
                .flatMap(api -> Arrays.stream(api.getMethods()))
                .filter(m -> m.getDeclaringClass() != Object.class)
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the names of all methods that the rows call. */
    private static Set<String> called() throws IOException {
        Set<String> called = new HashSet<>();
        for (InvokeInstruction call : calls(Operators.class.getName())) {
            if (!call.name().equalsString("rows")) continue;
            for (InvokeInstruction c : calls(call.owner().asInternalName())) {
                called.add(c.name().stringValue());
            }
        }
        return called;
    }

    private static List<InvokeInstruction> calls(String name) throws IOException {
        List<InvokeInstruction> calls = new ArrayList<>();
        try (InputStream in = OperatorsTest.class.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
            for (var method : ClassFile.of()
                    .parse(Objects.requireNonNull(in).readAllBytes())
                    .methods()) {
                method.code()
                        .ifPresent(code -> code.forEach(element -> {
                            if (element instanceof InvokeInstruction call) calls.add(call);
                        }));
            }
        }
        return calls;
    }

    @Test
    void everyPublicOperationIsInARow() throws IOException {
        Set<String> missing = offered();
        missing.removeAll(called());
        missing.removeAll(LeftOut.all());
        assertEquals(Set.of(), missing, "add a row, or say in LeftOut why there is none");
    }

    @Test
    void whatIsLeftOutExistsAndHasNoRow() throws IOException {
        Set<String> gone = new TreeSet<>(LeftOut.all());
        gone.removeAll(offered());
        assertEquals(Set.of(), gone);
    }

    @Test
    void everyElementwiseOperationOfTheRegistryIsInARow() throws IOException {
        Set<String> called = called().stream().map(OperatorsTest::plain).collect(Collectors.toSet());
        Set<String> missing = new TreeSet<>();
        for (ElementwiseOp row : ElementwiseOps.rows()) {
            if (!called.contains(plain(row.name().replace("special_", "")))) missing.add(row.name());
        }
        assertEquals(Set.of(), missing);
    }

    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(java.util.Locale.ROOT);
    }

    @Test
    void namesAreUnique() {
        List<String> names = Stream.concat(Cases.all().stream(), Operators.cases().stream())
                .map(Case::name)
                .toList();
        assertEquals(names.size(), new HashSet<>(names).size());
    }

    @Test
    void everyRowRunsAndHasTheGradientsThatItSays() {
        List<String> wrong = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        // Each row at the smallest of its sizes, which come first.
        for (Case c : Operators.cases()) {
            String[] name = c.name().split("/");
            if (!seen.add(name[0] + "/" + name[2])) continue;
            Work work = c.onDevice().apply(Device.cpu());
            work.reset();
            List<Tensor> outcome = work.outcome();
            if (c.name().endsWith("/backward") && outcome.size() < 2) wrong.add(c.name() + ": no gradient");
            boolean compared = Objects.requireNonNull(c.peer()).compared();
            for (Tensor t : outcome) {
                if (compared && !t.isfinite().all().itemBoolean()) wrong.add(c.name() + ": not finite");
            }
        }
        assertTrue(wrong.isEmpty(), String.join("\n", wrong));
    }
}
