package dev.cotangent.internal.ops.movement;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Reinterpretation of bits. */
public final class BitOps {
    private BitOps() {}

    /** Implements {@code torch.Tensor.view(dtype)}, as a copy if the dtype changes. */
    public static Tensor view(Tensor x, Dtype dtype) {
        Dtype own = x.dtype();
        if (own == dtype) return ViewOps.alias(x);
        // Memory of bool holds zeros and ones alone.
        if (dtype == Dtype.BOOL) return view(x, Dtype.UINT8).ne(0);
        long[] sizes = Internals.layout(x).sizes().clone();
        int from = own.bytes();
        int to = dtype.bytes();
        if (from != to) sizes = resized(x, dtype, sizes, from, to);
        Backend backend = Internals.backend(x);
        Layout layout = Layout.contiguous(sizes);
        Strided out = new Strided(backend.allocateUnset(dtype, layout.numel()), layout);
        long bytes = layout.numel() * to;
        if (bytes > 0) {
            Strided source = Internals.strided(x.detach().contiguous());
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment bits = arena.allocate(bytes, Long.BYTES);
                backend.read(source.storage(), source.layout().offset(), bits);
                backend.write(out.storage(), 0, bits);
            }
        }
        return Internals.wrap(out);
    }

    private static long[] resized(Tensor x, Dtype dtype, long[] sizes, int from, int to) {
        String what = "to view " + x.dtype().scalarName() + " as " + dtype.scalarName() + " (different element sizes)";
        if (x.dim() == 0) throw new CotangentException("self.dim() cannot be 0 " + what);
        Layout layout = Internals.layout(x);
        int last = sizes.length - 1;
        if (layout.stride(last) != 1) {
            throw new CotangentException(
                    "self.stride(-1) must be 1 " + what + ", but got " + layout.stride(last) + remedy());
        }
        if (to < from) {
            sizes[last] *= from / to;
            return sizes;
        }
        int ratio = to / from;
        check("self.size(-1)", sizes[last], ratio, what);
        check("self.storage_offset()", layout.offset(), ratio, what);
        for (int d = 0; d < last; d++) check("self.stride(" + d + ")", layout.stride(d), ratio, what);
        sizes[last] /= ratio;
        return sizes;
    }

    private static void check(String name, long value, int ratio, String what) {
        if (value % ratio == 0) return;
        throw new CotangentException(
                name + " must be divisible by " + ratio + " " + what + ", but got " + value + remedy());
    }

    private static String remedy() {
        return ". In Java: contiguous().view(dtype) for another layout.";
    }
}
