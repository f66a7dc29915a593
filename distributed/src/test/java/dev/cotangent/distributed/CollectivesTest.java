package dev.cotangent.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Dtype;
import dev.cotangent.Generator;
import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every collective, over TCP and between threads, gives what one process computes from all tensors. */
class CollectivesTest {
    static Stream<Arguments> groups() {
        return Stream.of(true, false).flatMap(tcp -> Stream.of(1, 2, 3, 5).map(n -> Arguments.of(tcp, n)));
    }

    private static <T> List<T> run(boolean tcp, int n, Ranks.Body<T> body) {
        return tcp ? Ranks.tcp(n, body) : Ranks.local(n, body);
    }

    /** Returns the tensor of a rank: small whole numbers, which sums and products represent exactly. */
    private static Tensor own(int rank, int count, Dtype dtype) {
        return Tensors.arange(count).mul(7 * rank + 3).add(rank).remainder(4).to(dtype);
    }

    private static List<Tensor> owns(int n, int count, Dtype dtype) {
        List<Tensor> all = new ArrayList<>();
        for (int r = 0; r < n; r++) all.add(own(r, count, dtype));
        return all;
    }

    private static Tensor combined(ReduceOp op, List<Tensor> all) {
        Tensor stacked = Tensors.stack(all, 0);
        return switch (op) {
            case SUM -> stacked.sum(0).to(stacked.dtype());
            case AVG -> stacked.mean(0);
            case PRODUCT -> stacked.prod(0).to(stacked.dtype());
            case MIN -> stacked.amin(0);
            default -> stacked.amax(0);
        };
    }

    private static void assertSame(Tensor expected, Tensor actual) {
        assertEquals(expected.dtype(), actual.dtype());
        assertEquals(expected.shape(), actual.shape());
        assertTrue(expected.equal(actual), () -> expected + " but was " + actual);
    }

    @ParameterizedTest
    @MethodSource("groups")
    void allReduce(boolean tcp, int n) {
        run(tcp, n, group -> {
            for (Dtype dtype : List.of(
                    Tensors.FLOAT32,
                    Tensors.FLOAT64,
                    Tensors.FLOAT16,
                    Tensors.BFLOAT16,
                    Tensors.INT64,
                    Tensors.INT32,
                    Tensors.INT16,
                    Tensors.INT8,
                    Tensors.UINT8)) {
                for (ReduceOp op : List.of(ReduceOp.SUM, ReduceOp.PRODUCT, ReduceOp.MIN, ReduceOp.MAX)) {
                    for (int count : new int[] {0, 1, 4, 23}) {
                        Tensor x = own(group.rank(), count, dtype);
                        group.allReduce(x, op);
                        assertSame(combined(op, owns(n, count, dtype)), x);
                    }
                }
            }
            Tensor mean = own(group.rank(), 9, Tensors.FLOAT64);
            group.allReduce(mean, ReduceOp.AVG);
            assertTrue(mean.allclose(combined(ReduceOp.AVG, owns(n, 9, Tensors.FLOAT64))));
            return true;
        });
    }

    @Test
    void bitsAndBools() {
        Ranks.local(3, group -> {
            int[] values = {0b1100, 0b1010, 0b0110};
            Tensor x = Tensors.tensor(values[group.rank()]);
            for (Object[] c :
                    new Object[][] {{ReduceOp.BAND, 0b0000L}, {ReduceOp.BOR, 0b1110L}, {ReduceOp.BXOR, 0b0000L}}) {
                Tensor y = x.clone();
                group.allReduce(y, (ReduceOp) c[0]);
                assertEquals(c[1], y.itemLong());
            }
            Tensor any = Tensors.tensor(group.rank() == 1, true, false);
            group.allReduce(any);
            assertEquals("tensor([ True,  True, False])", any.toString());
            Tensor all = Tensors.tensor(group.rank() == 1, true, false);
            group.allReduce(all, ReduceOp.PRODUCT);
            assertEquals("tensor([False,  True, False])", all.toString());
            return true;
        });
    }

    @ParameterizedTest
    @MethodSource("groups")
    void theOthers(boolean tcp, int n) {
        run(tcp, n, group -> {
            int me = group.rank();
            for (int root = 0; root < n; root++) {
                Tensor x = own(me, 11, Tensors.FLOAT32);
                group.broadcast(x, root);
                assertSame(own(root, 11, Tensors.FLOAT32), x);

                Tensor sum = own(me, 11, Tensors.INT64);
                group.reduce(sum, root, ReduceOp.SUM);
                assertSame(
                        me == root ? combined(ReduceOp.SUM, owns(n, 11, Tensors.INT64)) : own(me, 11, Tensors.INT64),
                        sum);

                List<Tensor> gathered = group.gather(own(me, 5, Tensors.FLOAT32).reshape(5, 1), root);
                assertEquals(me == root ? n : 0, gathered.size());
                for (int r = 0; r < gathered.size(); r++) {
                    assertSame(own(r, 5, Tensors.FLOAT32).reshape(5, 1), gathered.get(r));
                }

                Tensor out = Tensors.zeros(4);
                @Nullable List<Tensor> parts = me == root ? owns(n, 4, Tensors.FLOAT32) : null;
                group.scatter(out, parts, root);
                assertSame(own(me, 4, Tensors.FLOAT32), out);
            }
            List<Tensor> all = group.allGather(own(me, 6, Tensors.FLOAT64).reshape(2, 3));
            for (int r = 0; r < n; r++) assertSame(own(r, 6, Tensors.FLOAT64).reshape(2, 3), all.get(r));

            List<Tensor> mine = new ArrayList<>();
            for (int r = 0; r < n; r++) mine.add(own(me * n + r, 7, Tensors.FLOAT32));
            List<Tensor> theirs = group.allToAll(mine);
            for (int r = 0; r < n; r++) assertSame(own(r * n + me, 7, Tensors.FLOAT32), theirs.get(r));

            Tensor scattered = Tensors.zeros(7);
            group.reduceScatter(scattered, mine, ReduceOp.SUM);
            List<Tensor> forMe = new ArrayList<>();
            for (int r = 0; r < n; r++) forMe.add(own(r * n + me, 7, Tensors.FLOAT32));
            assertSame(combined(ReduceOp.SUM, forMe), scattered);
            group.barrier();
            return true;
        });
    }

    @Test
    void pointToPoint() {
        Ranks.tcp(3, group -> {
            int me = group.rank();
            int n = group.worldSize();
            // Larger than what sockets hold, so that all sending first would not end.
            Tensor out = Tensors.full(Shape.of(3_000_000), (float) me);
            Tensor in = Tensors.zeros(3_000_000);
            group.sendRecv(out, (me + 1) % n, in, (me + n - 1) % n);
            assertSame(Tensors.full(Shape.of(3_000_000), (float) ((me + n - 1) % n)), in);
            if (me == 0) group.send(Tensors.tensor(1f, 2f), 2);
            Tensor received = Tensors.zeros(2);
            if (me == 2) {
                group.recv(received, 0);
                assertSame(Tensors.tensor(1f, 2f), received);
            }
            return true;
        });
    }

    @Test
    void stridesAndAsynchronousOrder() {
        Ranks.tcp(2, group -> {
            Tensor base = Tensors.zeros(4, 6);
            Tensor view = base.transpose(0, 1).get("::2");
            view.fill_(group.rank() + 1);
            List<Work> all = new ArrayList<>();
            List<Tensor> more = new ArrayList<>();
            all.add(group.allReduceAsync(view, ReduceOp.SUM));
            for (int i = 0; i < 20; i++) {
                more.add(Tensors.full(Shape.of(1000 * i), i + group.rank()));
                all.add(group.allReduceAsync(more.get(i), ReduceOp.MAX));
            }
            for (Work w : all) w.await();
            assertTrue(all.stream().allMatch(Work::isCompleted));
            assertEquals(4 * 3 * 3, base.sum().itemDouble());
            for (int i = 0; i < 20; i++) assertSame(Tensors.full(Shape.of(1000 * i), i + 1), more.get(i));
            return true;
        });
    }

    @Test
    void sumsHaveTheSameBitsOnAllRanksAndInEveryRun() {
        Set<List<Long>> seen = new HashSet<>();
        for (int run = 0; run < 3; run++) {
            for (boolean tcp : new boolean[] {true, false}) {
                seen.addAll(run(tcp, 4, group -> {
                    Tensor x;
                    try (var _ = new Generator(group.rank()).use()) {
                        x = Tensors.randn(1001);
                    }
                    group.allReduce(x);
                    float[] values = x.toFloatArray();
                    return LongStream.range(0, values.length)
                            .mapToObj(i -> (long) Float.floatToRawIntBits(values[(int) i]))
                            .toList();
                }));
            }
        }
        assertEquals(1, seen.size());
    }

    @Test
    void badArgumentsAreRefusedBeforeAnythingIsSent() {
        Ranks.local(2, group -> {
            assertMessage("all_reduce(): argument 'tensor' must not be null", () -> group.allReduce(null));
            assertMessage("broadcast: a rank is from 0 to 1, got 2", () -> group.broadcast(Tensors.zeros(2), 2));
            assertMessage(
                    "Cannot use ReduceOp.AVG with torch.int64: all_reduce takes it of floating-point types only; use"
                            + " SUM",
                    () -> group.allReduce(Tensors.tensor(1, 2), ReduceOp.AVG));
            assertMessage(
                    "all_to_all: expected one tensor per rank, 2, got 1",
                    () -> group.allToAll(List.of(Tensors.zeros(2))));
            assertMessage(
                    "send: Invalid rank " + group.rank() + ": cannot send to or receive from itself",
                    () -> group.send(Tensors.zeros(2), group.rank()));
            group.barrier();
            return true;
        });
    }

    private static void assertMessage(String expected, Runnable call) {
        Exception e = Assertions.assertThrows(RuntimeException.class, call::run);
        assertEquals(expected, e.getMessage());
    }

    @Test
    void environmentVariables() {
        var options = ProcessGroupOptions.from(
                Map.of("RANK", "1", "WORLD_SIZE", "4", "MASTER_ADDR", "localhost", "MASTER_PORT", "1234"));
        assertEquals("rank 1 of 4, master localhost:1234, timeout PT10M", options.toString());
        Exception e = Assertions.assertThrows(ValueException.class, () -> ProcessGroupOptions.from(Map.of()));
        assertTrue(e.getMessage().contains("environment variable RANK expected, but not set"), e.getMessage());
        Exception open = Assertions.assertThrows(
                ValueException.class,
                () -> ProcessGroup.connect(ProcessGroupOptions.of(1, 2).masterAddress("192.0.2.1")));
        assertTrue(open.getMessage().contains("needs a token"), open.getMessage());
    }
}
