package dev.cotangent.jcuda;

import static dev.cotangent.Tensors.floatTensor;
import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.zeros;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Scope;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Scan;
import dev.cotangent.backend.Scatter;
import dev.cotangent.backend.Strided;
import dev.cotangent.cuda.Cuda;
import dev.cotangent.cuda.CudaGraph;
import dev.cotangent.cuda.CudaStream;
import dev.cotangent.ir.Program;
import dev.cotangent.kernels.KernelSource;
import dev.cotangent.kernels.KernelSources;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that results do not depend on the order in which streams and graphs run, and that kernels have no races. */
class InterleavedTest extends OnEmulator {
    @AfterEach
    void late() {
        Cuda.synchronize(Device.cuda(0));
        Cuda.synchronize(Device.cuda(1));
        emulator.asynchronous(3);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void resultsDoNotDependOnTheOrderOfStreams(long seed) {
        emulator.asynchronous(seed);
        CudaStream left = CudaStream.create();
        CudaStream right = CudaStream.create();
        Tensor w = ones(2, 2).cuda();
        for (int i = 0; i < 4; i++) {
            try (var _ = Scope.open()) {
                Tensor x = floatTensor(i, 1, 2, 3).cuda().reshape(2, 2);
                left.waitStream(Cuda.currentStream());
                right.waitStream(Cuda.currentStream());
                Tensor[] y = new Tensor[2];
                left.run(() -> y[0] = x.matmul(w).add(1));
                right.run(() -> y[1] = x.sum(0).mul(2).cuda(1).add(1));
                Cuda.currentStream().waitStream(left);
                Tensor there = y[1].add(0);
                assertArrayEquals(new float[] {i + 2, i + 2, 6, 6}, floats(y[0]));
                right.synchronize();
                assertArrayEquals(new float[] {2 * i + 5, 9}, floats(there));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void graphsDoNotDependOnTheOrderOfTheirBranches(long seed) {
        emulator.asynchronous(seed);
        Tensor x = floatTensor(1, 2, 3).cuda();
        Tensor sum = zeros(3).cuda();
        CudaStream side = CudaStream.create();
        try (CudaGraph graph = CudaGraph.capture(() -> {
            CudaStream main = Cuda.currentStream();
            side.waitStream(main);
            Tensor[] y = new Tensor[2];
            side.run(() -> y[0] = x.mul(2).add(1));
            y[1] = x.mul(3);
            main.waitStream(side);
            sum.add_(y[0].add(y[1]));
        })) {
            graph.replay();
            graph.replay();
            assertArrayEquals(new float[] {12, 22, 32}, floats(sum));
        }
    }

    /** Runs every kind of kernel, instrumented, on a device opened for it. */
    @Test
    void kernelsHaveNoRaces() {
        System.setProperty(KernelCache.FOLDER, "off");
        emulator.instrumented(true);
        try {
            Backend device = new CudaProvider().open(1);
            int n = 700;
            Strided x = filled(device, n);
            Strided y = new Strided(device.allocateUnset(Dtype.FLOAT32, n), Layout.contiguous(7, 100));
            x = x.with(Layout.contiguous(7, 100));
            Strided one = new Strided(device.allocateUnset(Dtype.FLOAT32, 7), Layout.contiguous(7, 1));
            Strided two = new Strided(device.allocateUnset(Dtype.FLOAT32, 7), Layout.contiguous(7, 1));
            Strided indices = new Strided(device.allocateUnset(Dtype.INT64, n), Layout.contiguous(7, 100));
            device.copy(x.with(x.layout().transpose(0, 1)), y.with(Layout.contiguous(100, 7)));
            device.reduce(Reduction.SUM, Program.identity(Dtype.FLOAT32), one, new Strided[] {x}, new long[0]);
            device.reduce(Reduction.MAX, Program.identity(Dtype.FLOAT32), two, new Strided[] {x}, new long[0]);
            device.scan(Scan.SUM, x, y, 1);
            device.softmax(x, y, 1, true);
            device.softmaxBackward(x, y, filled(device, n).with(x.layout()), 1, true);
            device.normalize(x, null, null, 1e-5, y, one, two);
            device.normalizeBackward(x, y, one, two, null, filled(device, n).with(x.layout()));
            device.sort(x, 1, false, y, indices);
            device.gather(x, 1, indices, y);
            device.scatter(Scatter.ADD, y, 1, indices, x);
            Strided square = x.with(Layout.contiguous(1, 20, 20));
            Strided product = filled(device, 400).with(Layout.contiguous(1, 20, 20));
            device.matmul(square, square, product, product, 1, 1);
            device.synchronize();
            assertEquals("", emulator.diagnostics());
        } finally {
            emulator.instrumented(false);
            System.clearProperty(KernelCache.FOLDER);
        }
    }

    /** Work of one kernel, and its source. */
    private record Operation(KernelSource source, Consumer<Backend> run) {}

    private static List<Operation> operations() {
        Dtype f = Dtype.FLOAT32;
        Layout rows = Layout.contiguous(3, 300);
        return List.of(
                new Operation(
                        KernelSources.scan(Scan.SUM, f, false),
                        d -> d.scan(Scan.SUM, filled(d, 900).with(rows), result(d, rows), 1)),
                new Operation(KernelSources.softmax(f, false, false), d -> {
                    Strided x = filled(d, 900).with(rows);
                    d.softmax(x, result(d, rows), 1, false);
                    d.softmaxBackward(x, x, result(d, rows), 1, false);
                }),
                new Operation(KernelSources.normalize(f, f, f, false), d -> {
                    Strided mean = result(d, Layout.contiguous(3, 1));
                    Strided rstd = result(d, Layout.contiguous(3, 1));
                    d.normalize(filled(d, 900).with(rows), null, null, 1e-5, result(d, rows), mean, rstd);
                }),
                new Operation(
                        KernelSources.reduce(Reduction.SUM, Program.identity(f), f, false),
                        d -> d.reduce(
                                Reduction.SUM,
                                Program.identity(f),
                                result(d, Layout.contiguous(3, 1)),
                                new Strided[] {filled(d, 900).with(rows)},
                                new long[0])),
                new Operation(
                        KernelSources.sort(f, false),
                        d -> d.sort(
                                filled(d, 900).with(rows),
                                1,
                                false,
                                result(d, rows),
                                new Strided(d.allocateUnset(Dtype.INT64, 900), rows))));
    }

    private static Strided result(Backend device, Layout layout) {
        return new Strided(device.allocateUnset(Dtype.FLOAT32, layout.numel()), layout);
    }

    /** Leaves out each barrier of our own kernels, one at a time; in the fast tier those of scans alone. */
    @Test
    void everyBarrierIsMissed() {
        System.setProperty(KernelCache.FOLDER, "off");
        emulator.instrumented(true);
        try {
            for (Operation operation : operations()) {
                int barriers = operation.source.text().split("__syncthreads\\(\\);", -1).length - 1;
                assertTrue(barriers > 0, operation.source.name());
                for (int k = -1; k < barriers; k++) {
                    emulator.withoutBarrier(k);
                    CudaBackend device = (CudaBackend) new CudaProvider().open(1);
                    operation.run.accept(device);
                    if (k < 0) device.synchronize();
                    else assertThrows(CotangentException.class, device::synchronize);
                    String found = emulator.diagnostics();
                    assertEquals(k < 0, found.isEmpty(), operation.source.name() + ", barrier " + k + ": " + found);
                }
                if (!Boolean.getBoolean("contract.thorough")) break;
            }
        } finally {
            emulator.withoutBarrier(-1);
            emulator.instrumented(false);
            System.clearProperty(KernelCache.FOLDER);
        }
    }

    private static Strided filled(Backend device, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = i * 37 % 101 - 50;
        Strided s = new Strided(device.allocateUnset(Dtype.FLOAT32, n), Layout.contiguous(n));
        device.write(s.storage(), 0, MemorySegment.ofArray(values));
        return s;
    }
}
