package dev.cotangent.tests.seeds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.IndexException;
import dev.cotangent.Tensors;
import dev.cotangent.TypeException;
import dev.cotangent.ValueException;
import dev.cotangent.cuda.Cuda;
import dev.cotangent.examples.tour.Run;
import dev.cotangent.examples.tour.Seed;
import dev.cotangent.examples.tour.seeds.Seeds;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every fragment prints, warns and raises what PyTorch does, letter by letter; numbers drawn at random excepted. */
class SeedsTest {
    /** What Python finds at run time and Java's compiler before it: the fragment prints the compiler's message. */
    private static final Set<String> NOT_JAVA = Set.of("S.19c", "B.12c", "C.19", "C.22");

    /** Where only Java's own words differ. */
    private static final Map<String, String> JAVA_WORDS = Map.of(
            // Java's name of the class, and a Variable has no class of its own.
            "C.20", "class dev.cotangent.Tensor True\n",
            // A missing edge is null, where Python has the tuple (None, 0).
            "C.17", "MulBackward0 None\ntorch::autograd::AccumulateGrad None\nTrue\n");

    /** Ours: the last part of the seed's section on CUDA on whatever device there is. */
    private static final Set<String> OWN = Set.of("004.13c");

    private static final Map<String, Class<?>> TYPES = Map.of(
            "RuntimeError", CotangentException.class,
            "IndexError", IndexException.class,
            "TypeError", TypeException.class,
            "ValueError", ValueException.class);

    private static final Map<String, Seed.Code> FRAGMENTS = Seeds.all().stream()
            .flatMap(s -> s.fragments().stream())
            .collect(Collectors.toMap(Seed.Code::id, Function.identity()));

    @TestFactory
    Stream<DynamicTest> fragments() {
        return Expected.all().stream().map(e -> DynamicTest.dynamicTest(e.id(), () -> check(e)));
    }

    @Test
    void noFragmentIsForgotten() {
        Set<String> expected = Expected.all().stream().map(Expected::id).collect(Collectors.toCollection(TreeSet::new));
        expected.addAll(OWN);
        assertEquals(expected, new TreeSet<>(FRAGMENTS.keySet()));
    }

    private static void check(Expected expected) {
        Seed.Code fragment = FRAGMENTS.get(expected.id());
        assertNotNull(fragment, "no Java fragment " + expected.id());
        Tensors.manualSeed(0);
        Run run = fragment.run();
        Tensors.manualSeed(1);
        Run other = fragment.run();

        if (expected.id().equals("004.13b")) {
            checkCuda(run);
        } else if (NOT_JAVA.contains(expected.id())) {
            assertNull(run.raised());
            assertTrue(run.printed().matches("(incompatible types|no suitable method)[^\n]+\n"), run.printed());
        } else {
            checkRaised(expected, run);
            checkPrinted(expected, run, other);
        }
        List<String> warnings = expected.warning() == null || NOT_JAVA.contains(expected.id())
                ? List.of()
                : List.of(expected.warning());
        assertEquals(warnings, run.warnings());
    }

    private static void checkRaised(Expected expected, Run run) {
        if (expected.raised() == null) {
            if (run.raised() != null) throw new AssertionError(run.raised());
            return;
        }
        assertNotNull(run.raised(), "nothing raised; printed " + run.printed());
        assertEquals(expected.raised().message(), run.raised().getMessage());
        assertEquals(TYPES.get(expected.raised().type()), run.raised().getClass());
    }

    /**
     * Compares lines with PyTorch's: a line that differs under two seeds has random numbers, which are not compared.
     */
    private static void checkPrinted(Expected expected, Run run, Run other) {
        String words = JAVA_WORDS.getOrDefault(expected.id(), expected.printed());
        if (expected.id().equals("004.13") && Cuda.isAvailable()) {
            words = "True\ntensor([1., 2., 3.], device='cuda:0', grad_fn=<CopyBackwards>)\n";
        }
        List<String> wanted = words.lines().toList();
        List<String> got = run.printed().lines().toList();
        List<String> gotOther = other.printed().lines().toList();
        assertEquals(wanted.size(), got.size(), run.printed());
        for (int i = 0; i < got.size(); i++) {
            boolean drawn = !got.get(i).equals(gotOther.get(i));
            assertEquals(drawn ? shape(wanted.get(i)) : wanted.get(i), drawn ? shape(got.get(i)) : got.get(i));
        }
    }

    private static String shape(String line) {
        return line.replaceAll(" *-?\\d+\\.\\d*", "#");
    }

    /** Checks the message about missing CUDA, which names the reason and the remedy. */
    private static void checkCuda(Run run) {
        if (Cuda.isAvailable()) return;
        assertInstanceOf(CotangentException.class, run.raised());
        assertTrue(
                run.raised().getMessage().toLowerCase(Locale.ROOT).contains("cuda"),
                run.raised().getMessage());
    }
}
