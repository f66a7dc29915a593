package dev.cotangent.backend;

import java.lang.foreign.MemorySegment;

/** Copies between layouts, dtypes and devices. */
public final class Transfers {
    private static final int CHUNK_BYTES = 1 << 24;

    private Transfers() {}

    /** Copies elements to a layout of the same shape, converting the dtype, on the same or another device. */
    public static void copy(Strided from, Strided to) {
        if (from.numel() == 0) return;
        to.storage().materializeReaders();
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
