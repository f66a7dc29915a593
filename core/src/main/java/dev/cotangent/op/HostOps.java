package dev.cotangent.op;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.autograd.Grad;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import java.lang.foreign.MemorySegment;

/** Between tensors and Java values. */
public final class HostOps {
    private HostOps() {}

    /** {@code torch.Tensor.fill_} and {@code zero_}. */
    public static Tensor fill(Tensor self, Object value, String node) {
        Grad.checkInPlace(self);
        self.backend().fill(self.strided(), Promotion.bits(value, self.dtype()));
        self.version().bump();
        return Grad.of(node, self).input(self, g -> g.zerosLike()).inPlace(self);
    }

    /** The only element, converted: the bits of a double, a long, or 0 and 1 for bool. */
    public static long item(Tensor t, Dtype as) {
        if (t.numel() != 1) throw new ValueException("only one element tensors can be converted to Python scalars");
        if (as == Dtype.FLOAT64) return Double.doubleToRawLongBits(doubles(t)[0]);
        if (as == Dtype.INT64) return longs(t)[0];
        byte[] truth = new byte[1];
        read(t, Dtype.BOOL, MemorySegment.ofArray(truth));
        return truth[0];
    }

    /** The elements row-major, as doubles. */
    public static double[] doubles(Tensor t) {
        double[] out = new double[Math.toIntExact(t.numel())];
        read(t, Dtype.FLOAT64, MemorySegment.ofArray(out));
        return out;
    }

    /** The elements row-major, as floats. */
    public static float[] floats(Tensor t) {
        float[] out = new float[Math.toIntExact(t.numel())];
        read(t, Dtype.FLOAT32, MemorySegment.ofArray(out));
        return out;
    }

    /** The elements row-major, as longs. */
    public static long[] longs(Tensor t) {
        long[] out = new long[Math.toIntExact(t.numel())];
        read(t, Dtype.INT64, MemorySegment.ofArray(out));
        return out;
    }

    /** Copies the elements row-major to memory of the host, converted to a dtype. */
    public static void read(Tensor t, Dtype as, MemorySegment to) {
        if (t.numel() == 0) return;
        Strided from = t.strided();
        if (from.dtype() != as || !t.isContiguous()) {
            Storage packed = t.backend().allocate(as, t.numel());
            from = new Strided(packed, Layout.contiguous(t.layout().sizes()));
            t.backend().copy(t.strided(), from);
        }
        t.backend().read(from.storage(), from.layout().offset(), to);
    }

    /** A tensor of elements in memory of the host, row-major and of the tensor's dtype. */
    public static Tensor write(Tensor to, MemorySegment from) {
        to.backend().write(to.storage(), to.layout().offset(), from);
        return to;
    }
}
