package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Scan;
import dev.cotangent.backend.Scatter;
import dev.cotangent.backend.Strided;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Work on many elements gives the same bits in one thread and in several. */
class ManyThreadsTest {
    private static final int ROWS = 700;
    private static final int COLUMNS = 900;
    private static final long[] SIZES = {ROWS, COLUMNS};

    /** Makes operands of the same elements on whatever backend it is asked for. */
    private static final class Maker {
        private final Backend backend;
        private final Random random = new Random(11);
        private final List<Strided> results = new ArrayList<>();

        Maker(Backend backend) {
            this.backend = backend;
        }

        Strided floats(long... sizes) {
            float[] x = new float[(int) Layout.contiguous(sizes).numel()];
            for (int i = 0; i < x.length; i++) x[i] = random.nextInt(9) == 0 ? -0f : (float) random.nextGaussian();
            return new Strided(backend.share(Dtype.FLOAT32, x), Layout.contiguous(sizes));
        }

        Strided indices(int bound, long... sizes) {
            long[] x = random.longs(Layout.contiguous(sizes).numel(), 0, bound).toArray();
            return new Strided(backend.share(Dtype.INT64, x), Layout.contiguous(sizes));
        }

        Strided out(Dtype dtype, long... sizes) {
            Layout layout = Layout.contiguous(sizes);
            return result(new Strided(backend.allocate(dtype, layout.numel()), layout));
        }

        Strided result(Strided s) {
            results.add(s);
            return s;
        }
    }

    private interface Work {
        void run(Backend backend, Maker maker);
    }

    private static void same(Work work) {
        Maker one = new Maker(new CpuBackend(1, null));
        Maker several = new Maker(new CpuBackend(3, null));
        work.run(one.backend, one);
        work.run(several.backend, several);
        for (int i = 0; i < one.results.size(); i++) {
            String expected = hash(one.results.get(i));
            assertEquals(expected, hash(several.results.get(i)), "result " + i);
        }
    }

    private static String hash(Strided s) {
        return switch (s.storage().memory()) {
            case float[] x -> x.length + " " + Arrays.hashCode(x);
            case long[] x -> x.length + " " + Arrays.hashCode(x);
            default -> throw new IllegalStateException();
        };
    }

    @ParameterizedTest
    @EnumSource
    void scatters(Scatter kind) {
        for (int dim = 0; dim < 2; dim++) {
            int along = dim;
            int size = (int) SIZES[dim];
            same((b, m) -> {
                Strided to = m.result(m.floats(SIZES));
                b.scatter(kind, to, along, m.indices(size, SIZES), m.floats(SIZES));
                Strided row = m.indices(size, size);
                long[] strides = {along == 0 ? 1 : 0, along == 0 ? 0 : 1};
                b.scatter(kind, to, along, row.with(Layout.of(SIZES, strides, 0)), m.floats(SIZES));
            });
        }
        same((b, m) -> b.scatter(kind, m.result(m.floats(99)), 0, m.indices(99, 300_000), m.floats(300_000)));
    }

    @Test
    void gathersAndCopies() {
        same((b, m) -> {
            Strided in = m.floats(SIZES);
            b.gather(in, 0, m.indices(ROWS, SIZES), m.out(Dtype.FLOAT32, SIZES));
            b.gather(in, 1, m.indices(COLUMNS, SIZES), m.out(Dtype.FLOAT32, SIZES));
            Strided row = m.indices(ROWS, ROWS);
            Strided rows = row.with(Layout.of(SIZES, new long[] {1, 0}, 0));
            b.gather(in, 0, rows, m.out(Dtype.FLOAT32, SIZES));
            b.copy(
                    in.with(Layout.of(SIZES, new long[] {-COLUMNS, 1}, (ROWS - 1) * COLUMNS)),
                    m.out(Dtype.FLOAT32, SIZES));
            b.copy(in, m.out(Dtype.INT64, SIZES));
            b.triangle(in, true, 5, m.out(Dtype.FLOAT32, SIZES));
            b.addRows(in, row, m.out(Dtype.FLOAT32, 10, COLUMNS), m.indices(10, ROWS));
        });
    }

    @Test
    void sortsScansAndMasks() {
        same((b, m) -> {
            Strided in = m.floats(SIZES);
            for (int dim = 0; dim < 2; dim++) {
                b.sort(in, dim, true, m.out(Dtype.FLOAT32, SIZES), m.out(Dtype.INT64, SIZES));
                b.scan(Scan.SUM, in, m.out(Dtype.FLOAT32, SIZES), dim);
                b.scanExtreme(Scan.MIN, in, dim, m.out(Dtype.FLOAT32, SIZES), m.out(Dtype.INT64, SIZES));
                b.logcumsumexp(in, dim, m.out(Dtype.FLOAT32, SIZES));
            }
            b.topk(in, 1, true, m.out(Dtype.FLOAT32, ROWS, 7), m.out(Dtype.INT64, ROWS, 7));
            b.topk(in, 0, false, m.out(Dtype.FLOAT32, 70, COLUMNS), m.out(Dtype.INT64, 70, COLUMNS));
            b.median(in, 1, false, m.out(Dtype.INT64, ROWS, 1));
            Strided mask = new Strided(b.allocate(Dtype.BOOL, in.numel()), in.layout());
            b.copy(in, mask);
            m.result(b.nonzero(in));
            m.result(b.maskedSelect(in, mask));
            b.maskedScatter(m.result(m.floats(SIZES)), mask, m.floats(in.numel()));
        });
    }

    /** Nothing is written by any thread, and the first of the bad indices is named. */
    @Test
    void namesTheFirstBadIndex() {
        CpuBackend backend = new CpuBackend(3, null);
        Maker m = new Maker(backend);
        Strided index = m.indices(ROWS, SIZES);
        long[] indices = (long[]) index.storage().memory();
        indices[400_000] = -3;
        indices[500_000] = ROWS;
        Strided to = m.floats(SIZES);
        String before = hash(to);
        String message = "index -3 is out of bounds for dimension 0 with size " + ROWS;
        for (Scatter kind : Scatter.values()) {
            IndexException e =
                    assertThrows(IndexException.class, () -> backend.scatter(kind, to, 0, index, m.floats(SIZES)));
            assertEquals(message, e.getMessage());
        }
        assertEquals(before, hash(to));
        IndexException e =
                assertThrows(IndexException.class, () -> backend.gather(to, 0, index, m.out(Dtype.FLOAT32, SIZES)));
        assertEquals(message, e.getMessage());
    }
}
