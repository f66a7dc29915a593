package dev.cotangent.tests.conformance;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.MemoryStats;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.tests.reference.Cells;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Allocating, writing, reading, sharing, copying and filling. */
final class MemoryConformance {
    private MemoryConformance() {}

    static Stream<Check> checks() {
        List<Check> checks = new ArrayList<>();
        for (Dtype dtype : Dtype.reals()) {
            String name = dtype.torchName();
            checks.add(new Check("allocate " + name, t -> allocate(t, dtype)));
            checks.add(new Check("write and read " + name, t -> writeAndRead(t, dtype)));
            checks.add(new Check("share " + name, t -> share(t, dtype)));
            checks.add(new Check("fill " + name, t -> fill(t, dtype)));
            checks.add(new Check("copy flipped " + name, t -> copyFlipped(t, dtype)));
            for (Dtype to : Dtype.reals()) {
                checks.add(new Check("copy %s to %s".formatted(name, to.torchName()), t -> copy(t, dtype, to)));
            }
        }
        checks.add(new Check("memory statistics", MemoryConformance::statistics));
        return checks.stream();
    }

    /** Returns values whose conversion is defined everywhere: in the range of the integer type, without NaN. */
    static Values convertible(Dtype from, Dtype to) {
        if (!from.isFloatingPoint() || !to.isInteger()) return Values.ANY;
        double max = to == Dtype.UINT8 ? 255 : Math.min(0x1p53, Math.scalb(1.0, 8 * to.bytes() - 1) - 1);
        double min = to == Dtype.UINT8 ? 0 : -max;
        return (cells, random) -> {
            Values.ANY.fill(cells, random);
            for (int i = 0; i < cells.size(); i++) {
                double x = cells.real(i);
                if (!(x >= min && x <= max)) cells.set(i, x > 0 ? 101.5 : 0.5);
            }
        };
    }

    private static void allocate(Trial t, Dtype dtype) {
        Backend device = t.lab().device();
        for (long size : new long[] {0, 1, 5, 1000, 100_003}) {
            // Filled and dropped first, so that memory taken from a pool would show what it held.
            for (int round = 0; round < 3; round++) {
                Storage storage = device.allocate(dtype, size);
                Trial.require(
                        storage.size() == size && storage.dtype() == dtype && storage.backend() == device,
                        () -> "allocated " + storage.size() + " of " + storage.dtype());
                Cells cells = new Cells(dtype, (int) size);
                device.read(storage, 0, cells.bytes());
                for (int i = 0; i < size; i++) {
                    int at = i;
                    Trial.require(
                            dtype.isFloatingPoint() ? cells.real(i) == 0 : cells.whole(i) == 0,
                            () -> "fresh memory is not zero at " + at + " of " + size);
                }
                device.fill(
                        new Strided(storage, Form.CONTIGUOUS.of(new long[] {size}, t.random())),
                        dtype.isFloatingPoint() ? Double.doubleToRawLongBits(1.5) : 1);
            }
        }
    }

    private static void writeAndRead(Trial t, Dtype dtype) {
        Backend device = t.lab().device();
        for (int size : new int[] {1, 6, 1000}) {
            Cells all = new Cells(dtype, size);
            Values.ANY.fill(all, t.random());
            Storage storage = device.allocate(dtype, size);
            device.write(storage, 0, all.bytes());
            int start = t.random().nextInt(size);
            Cells part = new Cells(dtype, t.random().nextInt(size - start + 1));
            Values.ANY.fill(part, t.random());
            device.write(storage, start, part.bytes());
            Cells back = new Cells(dtype, size);
            device.read(storage, 0, back.bytes());
            Cells some = new Cells(dtype, part.size());
            device.read(storage, start, some.bytes());
            for (int i = 0; i < size; i++) {
                boolean within = i >= start && i < start + part.size();
                Cells expected = new Cells(dtype, 1);
                if (dtype.isFloatingPoint()) expected.set(0, within ? part.real(i - start) : all.real(i));
                else expected.set(0, within ? part.whole(i - start) : all.whole(i));
                int at = i;
                Trial.require(
                        back.bytes()
                                                .asSlice((long) i * dtype.bytes(), dtype.bytes())
                                                .mismatch(expected.bytes())
                                        < 0
                                || dtype.isFloatingPoint() && Double.isNaN(expected.real(0)),
                        () -> "element " + at + " of " + size + " came back changed");
            }
            Trial.require(
                    some.bytes().mismatch(part.bytes()) < 0,
                    () -> "reading " + part.size() + " from " + start + " on gave other bytes than were written");
        }
    }

    private static void share(Trial t, Dtype dtype) {
        Backend device = t.lab().device();
        Object array = array(dtype);
        Storage storage = device.share(dtype, array);
        Object own = device.array(device.allocate(dtype, 5));
        Trial.require(
                own == null || own.getClass() == array.getClass(),
                () -> "a storage of " + dtype + " shows a " + own.getClass().getSimpleName());
        if (storage == null) return;
        Trial.require(device.array(storage) == array, () -> "a shared storage shows another array than its own");
        Trial.require(storage.size() == 5 && storage.dtype() == dtype, () -> "shared as " + storage.size());
        Cells cells = new Cells(dtype, 5);
        Values.TAME.fill(cells, t.random());
        device.write(storage, 0, cells.bytes());
        device.synchronize();
        Storage again = device.share(dtype, array);
        Cells back = new Cells(dtype, 5);
        device.read(again == null ? storage : again, 0, back.bytes());
        Trial.require(back.bytes().mismatch(cells.bytes()) < 0, () -> "what was written is not in the shared array");
    }

    private static Object array(Dtype dtype) {
        return switch (dtype) {
            case FLOAT32 -> new float[5];
            case FLOAT64 -> new double[5];
            case FLOAT16, BFLOAT16, INT16 -> new short[5];
            case INT64 -> new long[5];
            case INT32 -> new int[5];
            case INT8, UINT8, BOOL -> new byte[5];
            case COMPLEX64, COMPLEX128 -> throw new IllegalArgumentException(dtype + " is not stored");
        };
    }

    private static void fill(Trial t, Dtype dtype) {
        for (long[] shape : Form.SHAPES) {
            for (Form form : Form.values()) {
                if (!form.writable()) continue;
                Operand to = t.operand(dtype, shape, form, Values.ANY);
                double[] reals = Values.specialReals(dtype);
                long[] wholes = dtype.isFloatingPoint() ? new long[1] : Values.specialWholes(dtype);
                long bits = dtype.isFloatingPoint()
                        ? Double.doubleToRawLongBits(reals[t.random().nextInt(reals.length)])
                        : Cells.wrap(dtype, wholes[t.random().nextInt(wholes.length)]);
                t.lab().device().fill(to.device(), bits);
                t.lab().reference().fill(to.reference(), bits);
                t.compare(to, Tolerance.EXACT, () -> "fill with " + bits);
            }
        }
    }

    private static void copy(Trial t, Dtype from, Dtype to) {
        for (long[] shape : new long[][] {{}, {0}, {7}, {2, 1, 3}, {3, 4, 5}, {2, 3, 1, 2, 2}, {33, 65}, {1031}}) {
            for (Form form : Form.values()) {
                for (Form out : new Form[] {Form.CONTIGUOUS, form, Form.anyWritable(t.random())}) {
                    if (!out.writable()) continue;
                    Operand a = t.operand(from, shape, form, convertible(from, to));
                    Operand b = t.operand(to, shape, out, Values.ANY);
                    t.lab().device().copy(a.device(), b.device());
                    t.lab().reference().copy(a.reference(), b.reference());
                    t.compare(b, Tolerance.EXACT, () -> "copy of " + a);
                }
            }
        }
    }

    /** Copies from operands with reversed dimensions, to the same dtype and another. */
    private static void copyFlipped(Trial t, Dtype dtype) {
        for (long[] shape : new long[][] {{7}, {2, 1, 3}, {3, 4, 5}, {33, 65}, {1031}, {0, 4}}) {
            for (int dims = 1; dims < 1 << shape.length; dims++) {
                Dtype to = dims == 1 ? dtype : Dtype.reals()[t.random().nextInt(Dtype.reals().length)];
                Operand a = t.operand(dtype, flipped(shape, dims), convertible(dtype, to));
                Operand b = t.operand(to, shape, Form.anyWritable(t.random()), Values.ANY);
                t.lab().device().copy(a.device(), b.device());
                t.lab().reference().copy(a.reference(), b.reference());
                t.compare(b, Tolerance.EXACT, () -> "copy of " + a);
            }
        }
    }

    private static Layout flipped(long[] shape, int dims) {
        long[] strides = Layout.rowMajor(shape);
        long offset = 0;
        for (int d = 0; d < shape.length; d++) {
            if ((dims >> d & 1) == 0 || shape[d] == 0) continue;
            offset += (shape[d] - 1) * strides[d];
            strides[d] = -strides[d];
        }
        return Layout.of(shape, strides, offset);
    }

    private static void statistics(Trial t) {
        Backend device = t.lab().device();
        Storage held = device.allocate(Dtype.FLOAT32, 1 << 20);
        MemoryStats stats = device.memoryStats();
        Trial.require(
                stats.live() >= 4L << 20 && stats.cached() >= 0 && stats.total() > 0,
                () -> stats + " while " + held.size() + " floats are held");
    }
}
