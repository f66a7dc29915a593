package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.linalg.CholeskyOps;
import dev.cotangent.internal.ops.linalg.DetOps;
import dev.cotangent.internal.ops.linalg.LuOps;
import dev.cotangent.internal.ops.linalg.QrOps;
import dev.cotangent.internal.ops.linalg.SvdOps;
import dev.cotangent.internal.ops.linalg.TriangularOps;
import dev.cotangent.linalg.Geqrf;
import dev.cotangent.linalg.Linalg;
import dev.cotangent.linalg.Lu;
import dev.cotangent.linalg.LuFactor;
import dev.cotangent.linalg.Qr;
import dev.cotangent.linalg.QrMode;
import dev.cotangent.linalg.Slogdet;
import dev.cotangent.linalg.Svd;
import dev.cotangent.linalg.SvdTransposed;
import dev.cotangent.linalg.ToleranceOptions;
import dev.cotangent.linalg.TriangularSolve;

/**
 * Linear algebra under the names that it has outside of {@code torch.linalg}; all of that is in {@link Linalg}. Matrices are the
 * last two dimensions; of float32 or float64.
 */
sealed interface DecompositionMethods permits Tensor {
    /** Computes lower Cholesky factors; {@code torch.cholesky}. */
    default Tensor cholesky() {
        return cholesky(false);
    }

    /** Computes Cholesky factors; {@code torch.cholesky}. Throws a {@link LinAlgException} if one does not exist. */
    default Tensor cholesky(boolean upper) {
        return end(start("cholesky", this), CholeskyOps.choleskyOld((Tensor) this, upper));
    }

    /** Computes inverses of {@code L @ L.mT()}, this being L; {@code torch.cholesky_inverse}. */
    default Tensor choleskyInverse() {
        return choleskyInverse(false);
    }

    /** Computes inverses of the matrices whose Cholesky factors these are; {@code torch.cholesky_inverse}. */
    default Tensor choleskyInverse(boolean upper) {
        return end(start("cholesky_inverse", this), CholeskyOps.choleskyInverse((Tensor) this, upper));
    }

    /** Solves {@code L @ L.mT() @ X = this}; {@code torch.cholesky_solve}. */
    default Tensor choleskySolve(Tensor L) {
        return choleskySolve(L, false);
    }

    /** Solves {@code A @ X = this} with the Cholesky factors of A; {@code torch.cholesky_solve}. */
    default Tensor choleskySolve(Tensor L, boolean upper) {
        return end(
                start("cholesky_solve", this, L),
                CholeskyOps.choleskySolve((Tensor) this, Arguments.notNull("cholesky_solve", "L", L), upper));
    }

    /** Returns {@link Linalg#qr(Tensor)}; {@code torch.qr}. */
    default Qr qr() {
        return qr(true);
    }

    /** Returns {@link Linalg#qr(Tensor, QrMode)}, reduced if {@code some}, else complete; {@code torch.qr}. */
    default Qr qr(boolean some) {
        return end(start("qr", this), QrOps.qr((Tensor) this, some ? QrMode.REDUCED : QrMode.COMPLETE));
    }

    /** Computes QR factors as LAPACK packs them; not differentiable; {@code torch.geqrf}. */
    default Geqrf geqrf() {
        return end(start("geqrf", this), QrOps.geqrf((Tensor) this));
    }

    /** Returns {@link Linalg#householderProduct}; {@code torch.orgqr}. */
    default Tensor orgqr(Tensor tau) {
        return Linalg.householderProduct((Tensor) this, tau);
    }

    /** Multiplies by the product of the reflectors that this and {@code tau} pack, from the left; {@code torch.ormqr}. */
    default Tensor ormqr(Tensor tau, Tensor other) {
        return ormqr(tau, other, true, false);
    }

    /** Multiplies by the product of the reflectors that this and {@code tau} pack, or its transpose; {@code torch.ormqr}. */
    default Tensor ormqr(Tensor tau, Tensor other, boolean left, boolean transpose) {
        Arguments.notNull("ormqr", "tau", tau);
        return end(
                start("ormqr", this, tau, other),
                QrOps.ormqr((Tensor) this, tau, Arguments.notNull("ormqr", "other", other), left, transpose));
    }

    /** Computes singular values and vectors, as many as there are values; {@code torch.svd}. */
    default SvdTransposed svd() {
        return svd(true);
    }

    /** Computes singular values and vectors, unless {@code some} a full basis; {@code torch.svd}. */
    default SvdTransposed svd(boolean some) {
        SvdOps.checkOld((Tensor) this);
        Svd f = SvdOps.svd((Tensor) this, !some);
        return new SvdTransposed(f.U(), f.S(), f.Vh().mH());
    }

    /** Computes LU factors in one matrix, singular ones too; {@code torch.lu}. */
    default LuFactor lu() {
        var out = LuOps.luFactorEx((Tensor) this, true, null);
        return new LuFactor(out.LU(), out.pivots());
    }

    /** Solves {@code A @ X = this} with the LU factors of A; {@code torch.lu_solve}. */
    default Tensor luSolve(Tensor luData, Tensor luPivots) {
        Arguments.notNull("lu_solve", "LU_data", luData);
        Arguments.notNull("lu_solve", "LU_pivots", luPivots);
        return end(
                start("lu_solve", this, luData, luPivots), LuOps.luSolve(luData, luPivots, (Tensor) this, true, false));
    }

    /** Unpacks the factors of {@link Linalg#luFactor(Tensor)}; {@code torch.lu_unpack}. */
    default Lu luUnpack(Tensor luPivots) {
        return luUnpack(luPivots, true, true);
    }

    /**
     * Unpacks the factors of {@link Linalg#luFactor(Tensor)}; the factors not requested are empty;
     * {@code torch.lu_unpack}.
     */
    default Lu luUnpack(Tensor luPivots, boolean unpackData, boolean unpackPivots) {
        Arguments.notNull("lu_unpack", "LU_pivots", luPivots);
        return end(
                start("lu_unpack", this, luPivots), LuOps.luUnpack((Tensor) this, luPivots, unpackData, unpackPivots));
    }

    /** Solves {@code A @ X = this} with upper triangular matrices; {@code torch.triangular_solve}. */
    default TriangularSolve triangularSolve(Tensor A) {
        return triangularSolve(A, true, false, false);
    }

    /** Solves {@code A @ X = this}, or with A's transpose, with triangular matrices; {@code torch.triangular_solve}. */
    default TriangularSolve triangularSolve(Tensor A, boolean upper, boolean transpose, boolean unitriangular) {
        Arguments.notNull("triangular_solve", "A", A);
        return end(
                start("triangular_solve", this, A),
                TriangularOps.triangularSolve((Tensor) this, A, upper, transpose, unitriangular));
    }

    /** Returns {@link Linalg#inv}; {@code torch.inverse}. */
    default Tensor inverse() {
        return Linalg.inv((Tensor) this);
    }

    /** Returns {@link Linalg#pinv(Tensor)} with a relative tolerance of 1e-15; {@code torch.pinverse}. */
    default Tensor pinverse() {
        return pinverse(1e-15);
    }

    /** Returns {@link Linalg#pinv(Tensor, ToleranceOptions)} with a relative tolerance; {@code torch.pinverse}. */
    default Tensor pinverse(double rcond) {
        return Linalg.pinv((Tensor) this, Linalg.toleranceOptions().rtol(rcond));
    }

    /** Returns {@link Linalg#det}; {@code torch.det}. */
    default Tensor det() {
        return Linalg.det((Tensor) this);
    }

    /** Computes logarithms of determinants, NaN of negative ones; {@code torch.logdet}. */
    default Tensor logdet() {
        return end(start("logdet", this), DetOps.logdet((Tensor) this));
    }

    /** Returns {@link Linalg#slogdet}; {@code torch.slogdet}. */
    default Slogdet slogdet() {
        return Linalg.slogdet((Tensor) this);
    }

    /** Returns {@link Linalg#matrixExp}; {@code torch.matrix_exp}. */
    default Tensor matrixExp() {
        return Linalg.matrixExp((Tensor) this);
    }

    /** Returns {@link Linalg#matrixPower}; {@code torch.matrix_power}. */
    default Tensor matrixPower(long n) {
        return Linalg.matrixPower((Tensor) this, n);
    }
}
