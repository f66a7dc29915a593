package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Strided;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import dev.cotangent.ir.ScalarOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Plain loops until the others are the faster ones. */
class JitWarmupTest {
    private static final long PLENTY = 1L << 40;
    private static final long FEW = 100;
    private static final long AT_MOST = 20_000_000_000L;

    @Test
    void littleWorkWarmsNothing() {
        JitWarmup<String> warming =
                new JitWarmup<>("plain", () -> fail("was made"), form -> fail("was run"), 2000, true);
        for (int i = 0; i < 1000; i++) assertEquals("plain", warming.choose(1));
    }

    @Test
    void takesTheVectorsWhenTheyAreFaster() throws InterruptedException {
        AtomicInteger made = new AtomicInteger();
        AtomicInteger left = new AtomicInteger(5);
        JitWarmup<String> warming = new JitWarmup<>(
                "plain",
                () -> {
                    made.incrementAndGet();
                    return "vectors";
                },
                form -> {
                    if (form.equals("vectors") && left.getAndDecrement() <= 1) return;
                    sleep(form.equals("plain") ? 20 : 40);
                },
                PLENTY,
                true);
        assertEquals("plain", warming.choose(PLENTY));
        while (warming.choose(PLENTY).equals("plain")) Thread.sleep(1);
        assertSame("vectors", warming.choose(1));
        assertEquals(1, made.get());
    }

    @Test
    void takesTheVectorsAtOnceWhereAsked() {
        JitWarmup<String> warming = new JitWarmup<>("plain", () -> "vectors", form -> fail("was run"), 100, false);
        assertEquals("plain", warming.choose(99));
        assertEquals("vectors", warming.choose(1));
        assertEquals("vectors", warming.choose(1));
    }

    /** A pair whose forms take so many units of a clock that nothing else moves. */
    private static final class Timed {
        long vectors = 2;
        long plain = 1;
        long objects;
        int made;
        private long now;
        private long allocated;
        private final List<String> log = new ArrayList<>();
        private final JitWarmup<String>.WarmUp warmUp;

        Timed(long unit) {
            JitWarmup<String> warming = new JitWarmup<>(
                    "plain",
                    () -> {
                        made++;
                        return "vectors";
                    },
                    form -> {
                        now += unit * (form.equals("vectors") ? vectors : plain);
                        if (form.equals("vectors")) allocated += objects;
                    },
                    PLENTY,
                    true);
            warmUp = warming.new WarmUp(() -> now, () -> allocated, log::add);
        }

        boolean round() {
            warmUp.round();
            return warmUp.isReady();
        }
    }

    @Test
    void slowRoundsOfVectorsDoNotMatter() {
        Timed pair = new Timed(1000);
        pair.plain = 10;
        int rounds = 0;
        do {
            // Every other time somebody else had the processor.
            pair.vectors = rounds++ % 2 == 0 ? 9 : 1000;
        } while (!pair.round() && rounds < 10);
        assertEquals(5, rounds);
    }

    @Test
    void aSlowRoundOfScalarLoopsIsNoReason() {
        Timed pair = new Timed(1000);
        for (int round = 0; round < 100; round++) {
            pair.plain = round % 5 == 0 ? 1 : 1000;
            assertFalse(pair.round());
        }
    }

    @Test
    void saysOnceThatVectorsAreSlowAndTakesThemLater() {
        Timed pair = new Timed(1_000_000_000);
        for (int round = 0; round < 19; round++) assertFalse(pair.round());
        assertEquals(List.of(), pair.log);
        for (int round = 19; round < 100; round++) assertFalse(pair.round());
        assertEquals(1, pair.log.size());
        assertTrue(pair.log.getFirst().contains("still slower than scalar"), pair.log.getFirst());
        pair.plain = 3;
        int rounds = 1;
        while (!pair.round()) rounds++;
        assertTrue(rounds <= 10, rounds + " rounds");
        assertEquals(1, pair.log.size());
    }

    @Test
    void vectorsThatStaySlowAreMadeAgain() {
        Timed pair = new Timed(1_000_000_000);
        for (int round = 0; round < 20; round++) assertFalse(pair.round());
        assertEquals(4, pair.made);
    }

    /** Vectors that are objects, for the compiler did not know their class, stay so however long they run. */
    @Test
    void vectorsThatAreObjectsAreMadeAgain() {
        Timed pair = new Timed(100_000_000);
        pair.plain = 3;
        pair.objects = 1 << 20;
        int rounds = 0;
        while (pair.made == 1 && rounds++ < 100) assertFalse(pair.round());
        assertEquals(2, pair.made);
        pair.objects = 0;
        rounds = 0;
        while (!pair.round() && rounds < 100) rounds++;
        assertTrue(rounds < 10, rounds + " rounds");
        assertEquals(2, pair.made);
    }

    @Test
    void vectorsThatAreAlwaysObjectsAreTakenIfTheyAreFaster() {
        Timed pair = new Timed(1_000_000_000);
        pair.plain = 3;
        pair.objects = 1 << 20;
        int rounds = 0;
        while (!pair.round() && rounds < 100) rounds++;
        assertTrue(rounds < 100, rounds + " rounds");
        assertEquals(4, pair.made);
    }

    /** Pairs take turns: one that never gets there keeps no other one waiting. */
    @Test
    void aHopelessPairDoesNotBlockOthers() throws InterruptedException {
        AtomicBoolean isOver = new AtomicBoolean();
        JitWarmup<String> hopeless = new JitWarmup<>(
                "plain",
                () -> "vectors",
                form -> {
                    if (form.equals("vectors") && !isOver.get()) sleep(20);
                },
                PLENTY,
                true);
        JitWarmup<String> other = new JitWarmup<>(
                "plain",
                () -> "vectors",
                form -> {
                    if (form.equals("plain")) sleep(20);
                },
                PLENTY,
                true);
        hopeless.choose(PLENTY);
        while (other.choose(PLENTY).equals("plain")) Thread.sleep(1);
        assertEquals("plain", hopeless.choose(PLENTY));
        isOver.set(true);
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Strided floats(CpuBackend backend, long... sizes) {
        Layout layout = Layout.contiguous(sizes);
        return new Strided(backend.allocate(Dtype.FLOAT32, layout.numel()), layout);
    }

    /** A product, a chain of it and a sum: whatever is handed over between them, and when, changes no bit. */
    private static float[] results(CpuBackend backend) {
        int n = 384;
        Random random = new Random(3);
        Strided a = Given.fill(floats(backend, 1, n, n), random::nextFloat);
        Strided b = Given.fill(floats(backend, 1, n, n), random::nextFloat);
        Strided c = floats(backend, 1, n, n);
        backend.matmul(a, b, c, c, 1, 0);
        Exprs e = new Exprs();
        Expr x = e.input(0, Dtype.FLOAT32);
        Expr y = e.input(1, Dtype.FLOAT32);
        Program chain = new Program(
                List.of(Dtype.FLOAT32, Dtype.FLOAT32),
                List.of(),
                List.of(x.mul(y).add(0.5).neg().exp().mul(x)));
        Strided d = floats(backend, 1, n, n);
        backend.pointwise(chain, new Strided[] {d}, new Strided[] {c, b}, new long[0]);
        Strided sum = floats(backend, 1, 1, n);
        Program all = new Program(List.of(Dtype.FLOAT32), List.of(), List.of(x));
        backend.reduce(Reduction.SUM, all, sum, new Strided[] {d}, new long[0]);
        float[] result = new float[n * n + n];
        System.arraycopy(d.storage().memory(), 0, result, 0, n * n);
        System.arraycopy(sum.storage().memory(), 0, result, n * n, n);
        return result;
    }

    @Test
    void theSameBitsBeforeAndAfter() {
        VectorLoops vectors = CpuProvider.vectors();
        assumeTrue(vectors != null, "the Vector API is not loaded");
        float[] expected = results(new CpuBackend(1, null));
        CpuBackend backend = new CpuBackend(2, vectors, true);
        for (ScalarOp op : new ScalarOp[] {ScalarOp.MUL, ScalarOp.ADD, ScalarOp.NEG}) {
            backend.kernels().of(op, Dtype.FLOAT32).choose(PLENTY);
        }
        backend.kernels().of(ScalarOp.ADD, Dtype.FLOAT32).folding(PLENTY);
        // The last in the queue, so all are handed over when it is; as long as on a busy machine it may take.
        LoopKernel last = backend.kernels().of(ScalarOp.EXP, Dtype.FLOAT32);
        Loop plain = last.choose(PLENTY);
        long start = System.nanoTime();
        for (int after = 0; after < 5 && System.nanoTime() - start < AT_MOST; ) {
            assertArrayEquals(expected, results(backend));
            if (last.choose(FEW) != plain) after++;
        }
        assertArrayEquals(expected, results(new CpuBackend(2, vectors)));
        assumeTrue(last.choose(FEW) != plain, "the compiler did not come to the vectors in time");
    }

    /** It goes in slabs, one after the other for as long as vectors are cold: they become warm within one. */
    @Test
    void aLargeProductGoesOnInVectors() {
        VectorLoops vectors = CpuProvider.vectors();
        assumeTrue(vectors != null, "the Vector API is not loaded");
        CpuBackend plain = new CpuBackend(1, null);
        CpuBackend backend = new CpuBackend(2, vectors, true);
        Random random = new Random(4);
        Strided a = Given.fill(floats(plain, 1, 150, 2048), random::nextFloat);
        Strided b = Given.fill(floats(plain, 1, 2048, 2048), random::nextFloat);
        Strided c = Given.fill(floats(plain, 1, 150, 2048), random::nextFloat);
        Strided expected = floats(plain, 1, 150, 2048);
        plain.matmul(a, b, c, expected, 1, 1);
        long start = System.nanoTime();
        for (int after = 0; after < 2 && System.nanoTime() - start < AT_MOST; ) {
            Strided out = floats(backend, 1, 150, 2048);
            backend.matmul(a, b, c, out, 1, 1);
            assertArrayEquals((float[]) expected.storage().memory(), (float[])
                    out.storage().memory());
            if (isWarm(backend)) after++;
        }
        assumeTrue(isWarm(backend), "the compiler did not come to the vectors in time");
    }

    private static boolean isWarm(CpuBackend backend) {
        return !(backend.matMul().tile(Dtype.FLOAT32, 0) instanceof ScalarMicroKernel);
    }

    @Test
    void tilesAreWarmedWhileOthersHaveAllPlaces() {
        VectorLoops vectors = CpuProvider.vectors();
        assumeTrue(vectors != null, "the Vector API is not loaded");
        for (RegisterType kind : new RegisterType[] {RegisterType.FLOAT, RegisterType.DOUBLE}) {
            boolean isDouble = kind == RegisterType.DOUBLE;
            PackingBuffer strips = PackingBuffer.of(isDouble);
            List<PackingBuffer.Slot> taken = new ArrayList<>();
            for (int i = 0; i < strips.places(); i++) taken.add(strips.take(i));
            float[] before = strips.memory() instanceof float[] x ? x.clone() : null;
            new MicroKernels(vectors, kind, true).exercise(vectors.tile(isDouble));
            taken.forEach(strips::give);
            if (before == null) continue;
            float[] after = (float[]) strips.memory();
            for (PackingBuffer.Slot place : taken) {
                int end = place.start + PackingBuffer.ROOM;
                assertTrue(Arrays.equals(before, place.start, end, after, place.start, end), "writes to a place");
            }
        }
    }
}
