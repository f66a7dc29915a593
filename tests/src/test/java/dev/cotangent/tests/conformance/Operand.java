package dev.cotangent.tests.conformance;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import dev.cotangent.tests.reference.Cells;

/**
 * The same elements on the device under test and on the reference.
 *
 * @param before what both storages held at first
 */
record Operand(Strided device, Strided reference, Cells before) {
    Dtype dtype() {
        return before.dtype();
    }

    Layout layout() {
        return device.layout();
    }

    Operand with(Layout layout) {
        return new Operand(device.with(layout), reference.with(layout), before);
    }

    /** Returns the operand as tensors, on the device and on the reference. */
    Tensor[] tensors() {
        return new Tensor[] {Internals.wrap(device), Internals.wrap(reference)};
    }

    static Strided[] onDevice(Operand... operands) {
        Strided[] all = new Strided[operands.length];
        for (int i = 0; i < all.length; i++) all[i] = operands[i].device;
        return all;
    }

    static Strided[] onReference(Operand... operands) {
        Strided[] all = new Strided[operands.length];
        for (int i = 0; i < all.length; i++) all[i] = operands[i].reference;
        return all;
    }

    static Cells read(Strided s) {
        Cells cells = new Cells(s.dtype(), Math.toIntExact(s.storage().size()));
        s.backend().read(s.storage(), 0, cells.bytes());
        return cells;
    }

    /** Returns the offset in the storage of element number {@code n} in row-major order. */
    static long place(Layout layout, long n) {
        long place = layout.offset();
        for (int d = layout.rank() - 1; d >= 0; d--) {
            place += n % layout.size(d) * layout.stride(d);
            n /= layout.size(d);
        }
        return place;
    }

    @Override
    public String toString() {
        return dtype().torchName() + " " + layout();
    }
}
