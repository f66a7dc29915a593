package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Elements of a dtype in a Java array, and their conversion to registers (see {@link RegisterType}) and back. A step
 * may be 0 or negative.
 */
abstract sealed class RegisterCodec {
    /** Loads {@code register[to + i] = from[at + i * step]}. */
    abstract void load(Object from, int at, int step, Object register, int to, int n);

    /**
     * Stores {@code to[at + i * step] = register[from + i]}, rounding to a half type and wrapping around to an integer
     * type.
     */
    abstract void store(Object register, int from, Object to, int at, int step, int n);

    /** Gathers {@code register[i] = from[at[i]]}. */
    abstract void pick(Object from, int[] at, Object register, int n);

    /** Scatters {@code to[at[i]] = register[i]}, in order. */
    abstract void put(Object register, Object to, int[] at, int n);

    /**
     * Loads {@code register[to + r * apart + c] = from[at + r * rowStep + c * columnStep]} for rows and columns,
     * the rows of the register having a stride of {@code apart}.
     */
    void block(
            Object from,
            int at,
            int rowStep,
            int columnStep,
            int rows,
            int columns,
            Object register,
            int to,
            int apart) {
        for (int r = 0; r < rows; r++) load(from, at + r * rowStep, columnStep, register, to + r * apart, columns);
    }

    abstract Object allocate(int n);

    /** Returns the array as raw memory. */
    abstract MemorySegment segment(Object array);

    private final Class<?> arrayType = allocate(0).getClass();

    /** Returns the class of array that holds the elements. */
    final Class<?> arrayType() {
        return arrayType;
    }

    static RegisterCodec of(Dtype dtype) {
        return ALL[dtype.ordinal()];
    }

    private static final RegisterCodec[] ALL = new RegisterCodec[Dtype.values().length];

    static {
        for (Dtype d : Dtype.reals()) {
            ALL[d.ordinal()] = switch (d) {
                case FLOAT32 -> new Floats();
                case FLOAT64 -> new Doubles();
                case FLOAT16, BFLOAT16 -> new Halves(d);
                case INT64 -> new Longs();
                case INT32 -> new Ints();
                case INT16 -> new Shorts();
                case INT8 -> new Bytes(-1);
                case UINT8 -> new Bytes(0xFF);
                case BOOL -> new Bools();
                case COMPLEX64, COMPLEX128 -> throw new IllegalArgumentException(d + " is not stored");
            };
        }
    }

    private static final class Floats extends RegisterCodec {
        @Override
        void block(
                Object from,
                int at,
                int rowStep,
                int columnStep,
                int rows,
                int columns,
                Object register,
                int to,
                int apart) {
            if (rowStep != 1 || columnStep == 1) {
                super.block(from, at, rowStep, columnStep, rows, columns, register, to, apart);
                return;
            }
            // A transposed block is read column by column, along its memory.
            float[] x = (float[]) from;
            float[] r = (float[]) register;
            for (int c = 0; c < columns; c++) {
                for (int q = 0; q < rows; q++) r[to + c + q * apart] = x[at + c * columnStep + q];
            }
        }

        @Override
        void load(Object from, int at, int step, Object register, int to, int n) {
            copy((float[]) from, at, step, (float[]) register, to, 1, n);
        }

        @Override
        void store(Object register, int from, Object to, int at, int step, int n) {
            copy((float[]) register, from, 1, (float[]) to, at, step, n);
        }

        private static void copy(float[] x, int i, int step, float[] y, int j, int stepTo, int n) {
            if (step == 1 && stepTo == 1) System.arraycopy(x, i, y, j, n);
            else if (step == 0 && stepTo == 1) Arrays.fill(y, j, j + n, x[i]);
            else for (int k = 0; k < n; k++, i += step, j += stepTo) y[j] = x[i];
        }

        @Override
        void pick(Object from, int[] at, Object register, int n) {
            float[] x = (float[]) from;
            float[] r = (float[]) register;
            for (int i = 0; i < n; i++) r[i] = x[at[i]];
        }

        @Override
        void put(Object register, Object to, int[] at, int n) {
            float[] y = (float[]) to;
            float[] r = (float[]) register;
            for (int i = 0; i < n; i++) y[at[i]] = r[i];
        }

        @Override
        Object allocate(int n) {
            return new float[n];
        }

        @Override
        MemorySegment segment(Object array) {
            return MemorySegment.ofArray((float[]) array);
        }
    }

    private static final class Doubles extends RegisterCodec {
        @Override
        void block(
                Object from,
                int at,
                int rowStep,
                int columnStep,
                int rows,
                int columns,
                Object register,
                int to,
                int apart) {
            if (rowStep != 1 || columnStep == 1) {
                super.block(from, at, rowStep, columnStep, rows, columns, register, to, apart);
                return;
            }
            // A transposed block is read column by column, along its memory.
            double[] x = (double[]) from;
            double[] r = (double[]) register;
            for (int c = 0; c < columns; c++) {
                for (int q = 0; q < rows; q++) r[to + c + q * apart] = x[at + c * columnStep + q];
            }
        }

        @Override
        void load(Object from, int at, int step, Object register, int to, int n) {
            copy((double[]) from, at, step, (double[]) register, to, 1, n);
        }

        @Override
        void store(Object register, int from, Object to, int at, int step, int n) {
            copy((double[]) register, from, 1, (double[]) to, at, step, n);
        }

        private static void copy(double[] x, int i, int step, double[] y, int j, int stepTo, int n) {
            if (step == 1 && stepTo == 1) System.arraycopy(x, i, y, j, n);
            else for (int k = 0; k < n; k++, i += step, j += stepTo) y[j] = x[i];
        }

        @Override
        void pick(Object from, int[] at, Object register, int n) {
            double[] x = (double[]) from;
            double[] r = (double[]) register;
            for (int i = 0; i < n; i++) r[i] = x[at[i]];
        }

        @Override
        void put(Object register, Object to, int[] at, int n) {
            double[] y = (double[]) to;
            double[] r = (double[]) register;
            for (int i = 0; i < n; i++) y[at[i]] = r[i];
        }

        @Override
        Object allocate(int n) {
            return new double[n];
        }

        @Override
        MemorySegment segment(Object array) {
            return MemorySegment.ofArray((double[]) array);
        }
    }

    private static final class Halves extends RegisterCodec {
        private final boolean brain;

        Halves(Dtype dtype) {
            brain = dtype == Dtype.BFLOAT16;
        }

        private float widen(short bits) {
            return brain ? Float.intBitsToFloat(bits << 16) : Float.float16ToFloat(bits);
        }

        private short narrow(float value) {
            return brain ? DtypeConversions.brainBits(value) : Float.floatToFloat16(value);
        }

        @Override
        void load(Object from, int at, int step, Object register, int to, int n) {
            short[] x = (short[]) from;
            float[] r = (float[]) register;
            // Loops that C2 vectorises: of one type, and over neighbours.
            if (step == 1 && brain) {
                for (int k = 0; k < n; k++) r[to + k] = Float.intBitsToFloat(x[at + k] << 16);
            } else if (step == 1) {
                for (int k = 0; k < n; k++) r[to + k] = Float.float16ToFloat(x[at + k]);
            } else {
                for (int k = 0; k < n; k++) r[to + k] = widen(x[at + k * step]);
            }
        }

        @Override
        void store(Object register, int from, Object to, int at, int step, int n) {
            float[] r = (float[]) register;
            short[] y = (short[]) to;
            if (step == 1 && brain) {
                for (int k = 0; k < n; k++) y[at + k] = DtypeConversions.brainBits(r[from + k]);
            } else if (step == 1) {
                for (int k = 0; k < n; k++) y[at + k] = Float.floatToFloat16(r[from + k]);
            } else {
                for (int k = 0; k < n; k++) y[at + k * step] = narrow(r[from + k]);
            }
        }

        @Override
        void pick(Object from, int[] at, Object register, int n) {
            short[] x = (short[]) from;
            float[] r = (float[]) register;
            for (int i = 0; i < n; i++) r[i] = widen(x[at[i]]);
        }

        @Override
        void put(Object register, Object to, int[] at, int n) {
            float[] r = (float[]) register;
            short[] y = (short[]) to;
            for (int i = 0; i < n; i++) y[at[i]] = narrow(r[i]);
        }

        @Override
        Object allocate(int n) {
            return new short[n];
        }

        @Override
        MemorySegment segment(Object array) {
            return MemorySegment.ofArray((short[]) array);
        }
    }

    private static final class Longs extends RegisterCodec {
        @Override
        void block(
                Object from,
                int at,
                int rowStep,
                int columnStep,
                int rows,
                int columns,
                Object register,
                int to,
                int apart) {
            if (rowStep != 1 || columnStep == 1) {
                super.block(from, at, rowStep, columnStep, rows, columns, register, to, apart);
                return;
            }
            // A transposed block is read column by column, along its memory.
            long[] x = (long[]) from;
            long[] r = (long[]) register;
            for (int c = 0; c < columns; c++) {
                for (int q = 0; q < rows; q++) r[to + c + q * apart] = x[at + c * columnStep + q];
            }
        }

        @Override
        void load(Object from, int at, int step, Object register, int to, int n) {
            copy((long[]) from, at, step, (long[]) register, to, 1, n);
        }

        @Override
        void store(Object register, int from, Object to, int at, int step, int n) {
            copy((long[]) register, from, 1, (long[]) to, at, step, n);
        }

        private static void copy(long[] x, int i, int step, long[] y, int j, int stepTo, int n) {
            if (step == 1 && stepTo == 1) System.arraycopy(x, i, y, j, n);
            else for (int k = 0; k < n; k++, i += step, j += stepTo) y[j] = x[i];
        }

        @Override
        void pick(Object from, int[] at, Object register, int n) {
            long[] x = (long[]) from;
            long[] r = (long[]) register;
            for (int i = 0; i < n; i++) r[i] = x[at[i]];
        }

        @Override
        void put(Object register, Object to, int[] at, int n) {
            long[] y = (long[]) to;
            long[] r = (long[]) register;
            for (int i = 0; i < n; i++) y[at[i]] = r[i];
        }

        @Override
        Object allocate(int n) {
            return new long[n];
        }

        @Override
        MemorySegment segment(Object array) {
            return MemorySegment.ofArray((long[]) array);
        }
    }

    private static final class Ints extends RegisterCodec {
        @Override
        void load(Object from, int at, int step, Object register, int to, int n) {
            int[] x = (int[]) from;
            long[] r = (long[]) register;
            // A loop of its own, which C2 vectorises.
            if (step == 1) for (int k = 0; k < n; k++) r[to + k] = x[at + k];
            else for (int k = 0; k < n; k++) r[to + k] = x[at + k * step];
        }

        @Override
        void store(Object register, int from, Object to, int at, int step, int n) {
            long[] r = (long[]) register;
            int[] y = (int[]) to;
            if (step == 1) for (int k = 0; k < n; k++) y[at + k] = (int) r[from + k];
            else for (int k = 0; k < n; k++) y[at + k * step] = (int) r[from + k];
        }

        @Override
        void pick(Object from, int[] at, Object register, int n) {
            int[] x = (int[]) from;
            long[] r = (long[]) register;
            for (int i = 0; i < n; i++) r[i] = x[at[i]];
        }

        @Override
        void put(Object register, Object to, int[] at, int n) {
            long[] r = (long[]) register;
            int[] y = (int[]) to;
            for (int i = 0; i < n; i++) y[at[i]] = (int) r[i];
        }

        @Override
        Object allocate(int n) {
            return new int[n];
        }

        @Override
        MemorySegment segment(Object array) {
            return MemorySegment.ofArray((int[]) array);
        }
    }

    private static final class Shorts extends RegisterCodec {
        @Override
        void load(Object from, int at, int step, Object register, int to, int n) {
            short[] x = (short[]) from;
            long[] r = (long[]) register;
            // A loop of its own, which C2 vectorises.
            if (step == 1) for (int k = 0; k < n; k++) r[to + k] = x[at + k];
            else for (int k = 0; k < n; k++) r[to + k] = x[at + k * step];
        }

        @Override
        void store(Object register, int from, Object to, int at, int step, int n) {
            long[] r = (long[]) register;
            short[] y = (short[]) to;
            if (step == 1) for (int k = 0; k < n; k++) y[at + k] = (short) r[from + k];
            else for (int k = 0; k < n; k++) y[at + k * step] = (short) r[from + k];
        }

        @Override
        void pick(Object from, int[] at, Object register, int n) {
            short[] x = (short[]) from;
            long[] r = (long[]) register;
            for (int i = 0; i < n; i++) r[i] = x[at[i]];
        }

        @Override
        void put(Object register, Object to, int[] at, int n) {
            long[] r = (long[]) register;
            short[] y = (short[]) to;
            for (int i = 0; i < n; i++) y[at[i]] = (short) r[i];
        }

        @Override
        Object allocate(int n) {
            return new short[n];
        }

        @Override
        MemorySegment segment(Object array) {
            return MemorySegment.ofArray((short[]) array);
        }
    }

    private static final class Bytes extends RegisterCodec {
        private final int mask;

        /**
         * Creates a codec with the mask that converts a sign-extended byte to the element: all ones if signed, else
         * 0xFF.
         */
        Bytes(int mask) {
            this.mask = mask;
        }

        @Override
        void load(Object from, int at, int step, Object register, int to, int n) {
            byte[] x = (byte[]) from;
            long[] r = (long[]) register;
            if (step == 1) for (int k = 0; k < n; k++) r[to + k] = x[at + k] & mask;
            else for (int k = 0; k < n; k++) r[to + k] = x[at + k * step] & mask;
        }

        @Override
        void store(Object register, int from, Object to, int at, int step, int n) {
            long[] r = (long[]) register;
            byte[] y = (byte[]) to;
            if (step == 1) for (int k = 0; k < n; k++) y[at + k] = (byte) r[from + k];
            else for (int k = 0; k < n; k++) y[at + k * step] = (byte) r[from + k];
        }

        @Override
        void pick(Object from, int[] at, Object register, int n) {
            byte[] x = (byte[]) from;
            long[] r = (long[]) register;
            for (int i = 0; i < n; i++) r[i] = x[at[i]] & mask;
        }

        @Override
        void put(Object register, Object to, int[] at, int n) {
            long[] r = (long[]) register;
            byte[] y = (byte[]) to;
            for (int i = 0; i < n; i++) y[at[i]] = (byte) r[i];
        }

        @Override
        Object allocate(int n) {
            return new byte[n];
        }

        @Override
        MemorySegment segment(Object array) {
            return MemorySegment.ofArray((byte[]) array);
        }
    }

    private static final class Bools extends RegisterCodec {
        /** The number of elements from which vectors pay. */
        private static final int LONG = 512;

        /** Made when first needed. */
        private static final class Fast {
            static final VectorLoops.@Nullable Bools BOOLS = CpuProvider.bools();
        }

        @Override
        void load(Object from, int at, int step, Object register, int to, int n) {
            byte[] x = (byte[]) from;
            boolean[] r = (boolean[]) register;
            if (step == 1 && n >= LONG && Fast.BOOLS != null) Fast.BOOLS.load(x, at, r, to, n);
            else for (int k = 0; k < n; k++) r[to + k] = x[at + k * step] != 0;
        }

        @Override
        void store(Object register, int from, Object to, int at, int step, int n) {
            boolean[] r = (boolean[]) register;
            byte[] y = (byte[]) to;
            if (step == 1 && n >= LONG && Fast.BOOLS != null) Fast.BOOLS.store(r, from, y, at, n);
            else for (int k = 0; k < n; k++) y[at + k * step] = (byte) (r[from + k] ? 1 : 0);
        }

        @Override
        void pick(Object from, int[] at, Object register, int n) {
            byte[] x = (byte[]) from;
            boolean[] r = (boolean[]) register;
            for (int i = 0; i < n; i++) r[i] = x[at[i]] != 0;
        }

        @Override
        void put(Object register, Object to, int[] at, int n) {
            boolean[] r = (boolean[]) register;
            byte[] y = (byte[]) to;
            for (int i = 0; i < n; i++) y[at[i]] = (byte) (r[i] ? 1 : 0);
        }

        @Override
        Object allocate(int n) {
            return new byte[n];
        }

        @Override
        MemorySegment segment(Object array) {
            return MemorySegment.ofArray((byte[]) array);
        }
    }
}
