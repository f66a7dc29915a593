package dev.cotangent.cpu;

import dev.cotangent.backend.Strided;
import org.jspecify.annotations.Nullable;

/** A program on its operands. Shared by threads; each works with an {@link Evaluator} of its own. */
final class ProgramExecution {
    final CompiledProgram code;
    final long numel;
    private final long[] scalars;
    private final RowLoop loop;
    private final StridedIterator[] inWalks;
    private final Object[] inMemory;
    private final StridedIterator[] outWalks;
    private final Object[] outMemory;

    /** The length of the rows that some inputs consist of; 0 where there are none, or where rows would not pay. */
    private final long rowLength;

    /** Rows shorter than this are copied to registers, several at a time. */
    private static final int SHORT = 32;

    /** Creates an execution that iterates over all operands in an order, row-major if null. */
    ProgramExecution(
            CompiledProgram code, Strided[] outs, Strided[] ins, int @Nullable [] order, long numel, long[] scalars) {
        this.code = code;
        this.numel = numel;
        this.scalars = scalars;
        loop = code.choose(numel);
        inWalks = walks(ins, order);
        inMemory = memory(ins);
        outWalks = walks(outs, order);
        outMemory = memory(outs);
        rowLength = rowLength();
    }

    /** Operands that consist of rows, such as one row or one column repeated, are not copied to registers in blocks but taken row by row. */
    private long rowLength() {
        long length = 0;
        for (int i = 0; i < inWalks.length; i++) {
            StridedIterator in = inWalks[i];
            if (in.isDirect() || in.isConstant() || code.inputs[i].slot() < 0) continue;
            if (!in.isMatrix() || length > 0 && in.rowLength() != length) return 0;
            for (Object out : outMemory) if (out == inMemory[i]) return 0;
            length = in.rowLength();
        }
        for (StridedIterator out : outWalks) if (!out.isDirect()) return 0;
        return length < SHORT || outWalks.length == 0 ? 0 : length;
    }

    /** Returns how many elements each thread's part is a multiple of. */
    int unit() {
        return rowLength > 0 && rowLength < Registers.BLOCK ? (int) rowLength : Registers.BLOCK;
    }

    private static StridedIterator[] walks(Strided[] operands, int @Nullable [] order) {
        StridedIterator[] walks = new StridedIterator[operands.length];
        for (int i = 0; i < walks.length; i++) {
            walks[i] = order == null
                    ? StridedIterator.of(operands[i].layout())
                    : StridedIterator.of(operands[i].layout(), order);
        }
        return walks;
    }

    private static Object[] memory(Strided[] operands) {
        Object[] memory = new Object[operands.length];
        for (int i = 0; i < memory.length; i++)
            memory[i] = operands[i].storage().memory();
        return memory;
    }

    /** Returns whether the output is an operand as stored in memory: then blocks may be of any length. */
    boolean isDirect() {
        return code.input >= 0 && inWalks[code.input].isDirect();
    }

    /** Creates the evaluator of the calling thread, valid until it creates another one. */
    Evaluator evaluator() {
        return new Evaluator();
    }

    /** Runs blocks with the registers of one thread. */
    final class Evaluator {
        private final Object[] arrays = new Object[code.slots()];
        private final int[] offsets = new int[arrays.length];
        private final int[] strides = new int[arrays.length];
        private final boolean[] direct = new boolean[inMemory.length];

        /** Which inputs are rows that are read where they are. */
        private final boolean[] inRows = new boolean[inMemory.length];

        private final boolean[] placed = new boolean[outMemory.length];

        /** Whether rows are taken one by one or, where no input needs to be loaded, many at a time. */
        private final boolean wholeRows;

        private Evaluator() {
            Registers mine = Registers.mine();
            boolean takesRows = rowLength > 0 && rowLength <= Registers.BLOCK;
            for (int s = 0; s < arrays.length; s++) arrays[s] = code.register(mine, s);
            int n = (int) Math.min(numel, Registers.BLOCK);
            for (CompiledProgram.Fixed f : code.fixed) {
                DtypeConversions.fill(arrays[f.slot()], n, f.dtype(), f.scalar() < 0 ? f.bits() : scalars[f.scalar()]);
            }
            for (int i = 0; i < direct.length; i++) {
                int slot = code.inputs[i].slot();
                if (slot < 0) continue;
                boolean isRegister = inMemory[i].getClass() == arrays[slot].getClass();
                direct[i] = inWalks[i].isDirect() && isRegister;
                inRows[i] = isRegister && rowLength > 0 && inWalks[i].isMatrix() && inWalks[i].step() == 1;
                if (direct[i]) arrays[slot] = inMemory[i];
                else if (inWalks[i].isConstant())
                    inWalks[i].load(code.inputs[i].elements(), inMemory[i], 0, arrays[slot], n);
            }
            for (int k = 0; k < placed.length; k++) {
                int slot = code.outputs[k].slot();
                placed[k] = outWalks[k].isDirect()
                        && code.outputs[k].first() >= 0
                        && outMemory[k].getClass() == arrays[slot].getClass()
                        && mayWriteEarly(k);
                if (placed[k]) arrays[slot] = outMemory[k];
                takesRows &= placed[k];
            }
            wholeRows = takesRows;
            for (int i = 0; i < inRows.length; i++) {
                inRows[i] &= wholeRows || rowLength > Registers.BLOCK;
                if (inRows[i]) arrays[code.inputs[i].slot()] = inMemory[i];
            }
        }

        /**
         * Returns whether an output can be computed in place: nothing there is read later, and no equal output is
         * computed so.
         */
        private boolean mayWriteEarly(int k) {
            for (int i = 0; i < inMemory.length; i++) {
                CompiledProgram.Input in = code.inputs[i];
                if (inMemory[i] != outMemory[k]) continue;
                // A generated loop reads all of an element before it writes any of it.
                boolean isReadLater = loop instanceof InterpretedLoop && in.last() > code.outputs[k].first();
                if (isReadLater || users(in.slot()) > 0) return false;
            }
            return users(code.outputs[k].slot()) == 1;
        }

        private int users(int slot) {
            int n = 0;
            for (CompiledProgram.Output o : code.outputs) if (o.slot() == slot) n++;
            return n;
        }

        /** Computes the outputs of up to {@link Registers#BLOCK} elements from linear index {@code from} on. */
        void block(long from, int n) {
            for (int i = 0; i < direct.length; i++) {
                int slot = code.inputs[i].slot();
                if (slot < 0) continue;
                if (direct[i]) offsets[slot] = inWalks[i].start() + (int) from;
                else if (inRows[i]) offsets[slot] = inWalks[i].place(from);
                else if (!inWalks[i].isConstant())
                    inWalks[i].load(code.inputs[i].elements(), inMemory[i], from, arrays[slot], n);
            }
            for (int k = 0; k < placed.length; k++) {
                if (placed[k]) offsets[code.outputs[k].slot()] = outWalks[k].start() + (int) from;
            }
            loop.run(arrays, offsets, strides, 1, n);
            for (int k = 0; k < placed.length; k++) {
                if (placed[k]) continue;
                int slot = code.outputs[k].slot();
                outWalks[k].store(code.outputs[k].elements(), arrays[slot], offsets[slot], outMemory[k], from, n);
            }
        }

        /** Returns the array of output number 0 of the last block. */
        Object array() {
            return arrays[code.outputs[0].slot()];
        }

        /** Returns the offset of the last block in {@link #array}. */
        int offset() {
            return offsets[code.outputs[0].slot()];
        }

        /** Computes all elements from one linear index up to another. */
        void range(long from, long to) {
            if (wholeRows) {
                rows(from, (int) ((to - from) / rowLength));
                return;
            }
            for (long at = from; at < to; ) {
                long end = rowLength > Registers.BLOCK ? Math.min(to, at - at % rowLength + rowLength) : to;
                int n = (int) Math.min(Registers.BLOCK, end - at);
                block(at, n);
                at += n;
            }
        }

        private void rows(long from, int rows) {
            boolean loads = false;
            for (int i = 0; i < direct.length; i++) {
                int slot = code.inputs[i].slot();
                if (slot < 0 || inWalks[i].isConstant()) continue;
                if (direct[i] || inRows[i]) {
                    offsets[slot] = inWalks[i].place(from);
                    strides[slot] = direct[i] ? (int) rowLength : inWalks[i].rowStep();
                } else {
                    loads = true;
                }
            }
            for (int k = 0; k < placed.length; k++) {
                int slot = code.outputs[k].slot();
                offsets[slot] = outWalks[k].start() + (int) from;
                strides[slot] = (int) rowLength;
            }
            if (!loads) {
                loop.run(arrays, offsets, strides, rows, (int) rowLength);
                return;
            }
            for (int r = 0; r < rows; r++) {
                for (int i = 0; i < direct.length; i++) {
                    if (!direct[i] && !inRows[i]) load(i, from + r * rowLength);
                }
                loop.run(arrays, offsets, strides, 1, (int) rowLength);
                for (int s = 0; s < offsets.length; s++) offsets[s] += strides[s];
            }
        }

        /** Loads a row of an input into its register. */
        private void load(int i, long from) {
            int slot = code.inputs[i].slot();
            StridedIterator in = inWalks[i];
            if (slot < 0 || in.isConstant()) return;
            code.inputs[i].elements().load(inMemory[i], in.place(from), in.step(), arrays[slot], 0, (int) rowLength);
        }
    }
}
