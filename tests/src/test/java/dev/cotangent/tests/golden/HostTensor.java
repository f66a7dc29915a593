package dev.cotangent.tests.golden;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Backends;
import dev.cotangent.backend.ElementCodec;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.movement.HostOps;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A tensor's elements on the host, row-major.
 *
 * @param dtype their type
 * @param shape the sizes
 * @param data the elements' bytes
 */
record HostTensor(Dtype dtype, long[] shape, MemorySegment data) {
    /** Copies a tensor's elements. */
    static HostTensor of(Tensor t) {
        MemorySegment data = zeros(t.numel(), t.dtype());
        HostOps.read(t, t.dtype(), data);
        return new HostTensor(t.dtype(), t.shape().toArray(), data);
    }

    /** Converts elements given as doubles. */
    static HostTensor of(Dtype dtype, long[] shape, double... values) {
        MemorySegment data = zeros(values.length, dtype);
        for (int i = 0; i < values.length; i++) ElementCodec.setDouble(dtype, data, i, values[i]);
        return new HostTensor(dtype, shape, data);
    }

    private static MemorySegment zeros(long numel, Dtype dtype) {
        return MemorySegment.ofArray(new byte[Math.toIntExact(numel * dtype.bytes())]);
    }

    int numel() {
        return Math.toIntExact(data.byteSize() / dtype.bytes());
    }

    double getDouble(int i) {
        return ElementCodec.getDouble(dtype, data, i);
    }

    long getLong(int i) {
        return ElementCodec.getLong(dtype, data, i);
    }

    /** Creates a row-major leaf on a device. */
    Tensor toTensor(Device device) {
        return toTensor(device, Layout.rowMajor(shape));
    }

    /** Creates a leaf on a device with these strides. */
    Tensor toTensor(Device device, long[] strides) {
        Layout layout = Layout.of(shape.clone(), strides, 0);
        long span = numel() == 0 ? 0 : 1;
        for (int d = 0; d < shape.length && span > 0; d++) span += (shape[d] - 1) * strides[d];
        MemorySegment memory = zeros(span, dtype);
        int size = dtype.bytes();
        long[] index = new long[shape.length];
        for (int i = 0; i < numel(); i++) {
            long at = 0;
            for (int d = 0; d < index.length; d++) at += index[d] * strides[d];
            MemorySegment.copy(data, (long) i * size, memory, at * size, size);
            for (int d = index.length - 1; d >= 0 && ++index[d] == shape[d]; d--) index[d] = 0;
        }
        Backend backend = Backends.of(device);
        Strided data = Strided.zeros(backend, dtype, layout);
        if (span > 0) backend.write(data.storage(), 0, memory);
        return Internals.wrap(data);
    }

    /** Returns the parts of complex numbers in a last dimension of size 2; of real numbers this. */
    HostTensor parts() {
        if (!dtype.isComplex()) return this;
        long[] sizes = Arrays.copyOf(shape, shape.length + 1);
        sizes[shape.length] = 2;
        return new HostTensor(dtype.realType(), sizes, data);
    }

    /** Returns sizes and dtype, to name a tensor in a message. */
    String kind() {
        return dtype.torchName() + Arrays.toString(shape);
    }
}
