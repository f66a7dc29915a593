package dev.cotangent.backend;

import dev.cotangent.Dtype;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Copies between layouts, dtypes and devices. */
public final class Transfers {
    private static final int CHUNK_BYTES = 1 << 24;

    private Transfers() {}

    /**
     * Copies elements of any form to a layout of the same shape, converting the dtype, on the same or another device. Of
     * complex numbers a real target gets the real parts.
     */
    public static void copy(Strided from, Strided to) {
        if (from.numel() == 0) return;
        to.storage().materializeReaders();
        if (from.form() == ElementForm.REAL && to.form() == ElementForm.REAL) {
            copyReal(from, to);
            return;
        }
        boolean negate = from.form().isLazy() != to.form().isLazy();
        if (to.dtype() == Dtype.BOOL && from.form().isComplex()) {
            Strided other = Strided.uninitialized(
                    to.backend(), Dtype.BOOL, Layout.contiguous(to.layout().sizes()));
            copyReal(from.part(0), to);
            copyReal(from.part(1), other);
            Exprs e = new Exprs();
            Expr either = e.input(0, Dtype.BOOL).or(e.input(1, Dtype.BOOL));
            Program program = new Program(List.of(Dtype.BOOL, Dtype.BOOL), List.of(), List.of(either));
            to.backend().pointwise(program, new Strided[] {to}, new Strided[] {to, other}, new long[0]);
        } else if (!to.form().isComplex()) {
            Strided real = from.form().isComplex() ? from.part(0) : from.with(ElementForm.REAL);
            boolean sign = from.form() == ElementForm.NEGATED ^ to.form() == ElementForm.NEGATED;
            copyReal(real, to.with(ElementForm.REAL), sign);
        } else if (!from.form().isComplex()) {
            copyReal(from.with(ElementForm.REAL), to.part(0), from.form() == ElementForm.NEGATED);
            to.backend().fill(to.part(1), 0);
        } else if (negate) {
            copyReal(from.part(0), to.part(0));
            copyReal(from.part(1), to.part(1), true);
        } else {
            copyReal(from.pairs(), to.pairs());
        }
    }

    /** Returns elements without lazy conjugation or negation: themselves, or a row-major copy. */
    public static Strided resolved(Strided x) {
        if (!x.form().isLazy()) return x;
        Strided out = Strided.uninitialized(
                x.backend(), x.dtype(), Layout.contiguous(x.layout().sizes()));
        copy(x, out);
        return out;
    }

    private static void copyReal(Strided from, Strided to, boolean negate) {
        copyReal(from, to);
        if (!negate) return;
        Dtype dtype = to.dtype();
        Program program = new Program(
                List.of(dtype),
                List.of(),
                List.of(new Exprs()
                        .input(0, dtype)
                        .cast(dtype.computeType())
                        .neg()
                        .cast(dtype)));
        to.backend().pointwise(program, new Strided[] {to}, new Strided[] {to}, new long[0]);
    }

    private static void copyReal(Strided from, Strided to) {
        if (from.device().equals(to.device())) {
            to.backend().copy(from, to);
            return;
        }
        Strided packed = from;
        if (!from.layout().isContiguous() || from.dtype() != to.dtype()) {
            packed = Decompositions.fresh(from.backend(), to.dtype(), from.layout());
            from.backend().copy(from, packed);
        }
        if (to.layout().isContiguous()) {
            copyAcrossDevices(packed, to);
        } else {
            Strided landed = Decompositions.fresh(to.backend(), to.dtype(), to.layout());
            copyAcrossDevices(packed, landed);
            to.backend().copy(landed, to);
        }
    }

    /** Copies to another device, in chunks through the host if the devices have no direct copy. */
    private static void copyAcrossDevices(Strided from, Strided to) {
        if (to.backend().receive(from, to)) return;
        int bytes = from.dtype().bytes();
        long all = from.numel();
        long most = Math.min(all, CHUNK_BYTES / bytes);
        MemorySegment host = MemorySegment.ofArray(new byte[(int) most * bytes]);
        for (long done = 0; done < all; done += most) {
            MemorySegment part = host.asSlice(0, Math.min(most, all - done) * bytes);
            from.backend().read(from.storage(), from.layout().offset() + done, part);
            to.backend().write(to.storage(), to.layout().offset() + done, part);
        }
    }
}
