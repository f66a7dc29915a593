package dev.cotangent.internal.ops.linalg;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Backends;
import dev.cotangent.backend.LapackRoutine;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.movement.HostOps;
import java.lang.foreign.MemorySegment;

/**
 * LAPACK's routines on complex matrices, on the host in complex128 whatever the device and the dtype: the translation of LAPACK
 * to Java has none of them. Flags of transposition mean adjoints.
 */
final class ComplexLapack {
    private ComplexLapack() {}

    /** Elements of an operand on the host; complex ones as pairs. */
    private record Host(Strided operand, Object array, int length) {
        static Host of(Strided x, boolean reads) {
            int n = Math.toIntExact(x.numel());
            Object array =
                    x.dtype().isComplex() ? new double[2 * n] : x.dtype() == Dtype.INT32 ? new int[n] : new double[n];
            Host host = new Host(
                    x,
                    array,
                    x.numel() == 0 ? 0 : Math.toIntExact(n / x.layout().size(0)));
            if (reads && n > 0) HostOps.read(Internals.wrap(x), host.dtype(), host.memory());
            return host;
        }

        private Dtype dtype() {
            if (operand.dtype().isComplex()) return Dtype.COMPLEX128;
            return array instanceof int[] ? Dtype.INT32 : Dtype.FLOAT64;
        }

        private MemorySegment memory() {
            return array instanceof int[] codes
                    ? MemorySegment.ofArray(codes)
                    : MemorySegment.ofArray((double[]) array);
        }

        int[] codes() {
            return (int[]) array;
        }

        double[] reals() {
            return (double[]) array;
        }

        ComplexMatrix matrix(int batch) {
            Layout l = operand.layout();
            boolean isVector = l.rank() < 3;
            ComplexMatrix m = new ComplexMatrix(
                    isVector ? 1 : Math.toIntExact(l.size(1)), Math.toIntExact(l.size(isVector ? 1 : 2)));
            double[] pairs = reals();
            for (int i = 0; i < length; i++) {
                m.re[i] = pairs[2 * (batch * length + i)];
                m.im[i] = pairs[2 * (batch * length + i) + 1];
            }
            return m;
        }

        void put(int batch, ComplexMatrix m) {
            double[] pairs = reals();
            for (int i = 0; i < length; i++) {
                pairs[2 * (batch * length + i)] = m.re[i];
                pairs[2 * (batch * length + i) + 1] = m.im[i];
            }
        }

        void write() {
            if (operand.numel() == 0) return;
            Layout dense = Layout.contiguous(operand.layout().sizes());
            Strided there = Strided.uninitialized(Backends.of(Device.cpu()), dtype(), dense);
            there.backend().write(there.storage(), 0, memory());
            Transfers.copy(there, operand);
        }
    }

    static void run(LapackRoutine routine, Strided[] operands, boolean... flags) {
        Host[] all = new Host[operands.length];
        for (int i = 0; i < all.length; i++) all[i] = Host.of(operands[i], routine.reads(i));
        int batch = Math.toIntExact(operands[0].layout().size(0));
        for (int b = 0; b < batch; b++) run(routine, all, b, flags);
        for (int i = 0; i < all.length; i++) if (routine.writes(i)) all[i].write();
    }

    private static void run(LapackRoutine routine, Host[] all, int b, boolean[] flags) {
        ComplexMatrix a = all[0].matrix(b);
        switch (routine) {
            case CHOLESKY -> {
                all[1].codes()[b] = ComplexFactors.cholesky(a, flags[0]);
                all[0].put(b, a);
            }
            case LU -> {
                all[2].codes()[b] = ComplexFactors.lu(a, all[1].codes(), b * all[1].length);
                all[0].put(b, a);
            }
            case LU_SOLVE -> {
                ComplexMatrix x = all[2].matrix(b);
                ComplexFactors.luSolve(a, all[1].codes(), b * all[1].length, x, flags[0]);
                all[2].put(b, x);
            }
            case TRIANGULAR_SOLVE -> {
                ComplexMatrix x = all[1].matrix(b);
                ComplexFactors.triangularSolve(a, x, flags[0], flags[1], flags[2]);
                all[1].put(b, x);
            }
            case QR -> {
                ComplexMatrix tau = new ComplexMatrix(1, all[1].length);
                ComplexFactors.qr(a, tau);
                all[0].put(b, a);
                all[1].put(b, tau);
            }
            case HOUSEHOLDER_PRODUCT -> all[0].put(b, ComplexFactors.householderProduct(a, all[1].matrix(b)));
            case HOUSEHOLDER_MULTIPLY -> {
                ComplexMatrix c = all[2].matrix(b);
                ComplexFactors.householderMultiply(a, all[1].matrix(b), c, flags[0], flags[1]);
                all[2].put(b, c);
            }
            case SVD -> {
                all[4].codes()[b] = a.isFinite() ? 0 : SvdOps.NOT_FINITE;
                if (!a.isFinite()) return;
                int columns = Math.toIntExact(all[1].operand.layout().size(2));
                int rows = Math.toIntExact(all[3].operand.layout().size(1));
                ComplexMatrix[] vectors = ComplexSpectra.svd(a, all[2].reals(), b * all[2].length, columns, rows);
                all[1].put(b, vectors[0]);
                all[3].put(b, vectors[1].adjoint());
            }
            case SINGULAR_VALUES -> {
                all[2].codes()[b] = a.isFinite() ? 0 : SvdOps.NOT_FINITE;
                if (!a.isFinite()) return;
                int least = Math.min(a.rows, a.columns);
                ComplexSpectra.svd(a, all[1].reals(), b * all[1].length, least, least);
            }
            case EIGH -> all[0].put(b, ComplexSpectra.eigh(a, all[1].reals(), b * all[1].length, flags[0]));
            case EIGENVALUES -> ComplexSpectra.eigh(a, all[1].reals(), b * all[1].length, flags[0]);
            case LDL, LDL_SOLVE ->
                throw new dev.cotangent.UnsupportedException("LDL factors of complex matrices are not offered");
        }
    }

    /** Returns eigenvalues and, as columns, vectors of complex matrices on the CPU, and a code for each, 0 for success. */
    static Tensor[] eig(Tensor a) {
        int n = Math.toIntExact(a.size(-1));
        Tensor values = Matrices.unset(a, Matrices.sizes(Matrices.batch(a, 2), n));
        Tensor vectors = Matrices.columnsLike(a, n, n);
        Tensor codes = Matrices.codes(a, Matrices.batch(a, 2));
        if (a.numel() == 0) return new Tensor[] {values, vectors, codes};
        Host in = Host.of(Matrices.matrices(a.detach()), true);
        Host w = Host.of(Matrices.vectors(values), false);
        Host v = Host.of(Matrices.matrices(vectors), false);
        Host info = Host.of(Matrices.scalars(codes), false);
        for (int b = 0; b < info.codes().length; b++) {
            ComplexMatrix of = new ComplexMatrix(1, n);
            ComplexMatrix columns = new ComplexMatrix(n, n);
            ComplexMatrix matrix = in.matrix(b);
            info.codes()[b] = ComplexSpectra.eig(matrix, of, columns) ? 0 : 1;
            if (matrix.isReal()) ComplexSpectra.pair(of, columns);
            w.put(b, of);
            v.put(b, columns);
        }
        w.write();
        v.write();
        info.write();
        return new Tensor[] {values, vectors, codes};
    }
}
