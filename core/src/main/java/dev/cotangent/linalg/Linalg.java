package dev.cotangent.linalg;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.engine.AutocastMode;
import dev.cotangent.internal.ops.linalg.CholeskyOps;
import dev.cotangent.internal.ops.linalg.DetOps;
import dev.cotangent.internal.ops.linalg.EigOps;
import dev.cotangent.internal.ops.linalg.LdlOps;
import dev.cotangent.internal.ops.linalg.LstsqOps;
import dev.cotangent.internal.ops.linalg.LuOps;
import dev.cotangent.internal.ops.linalg.MatrixFunctionOps;
import dev.cotangent.internal.ops.linalg.MatrixNormOps;
import dev.cotangent.internal.ops.linalg.ProductOps;
import dev.cotangent.internal.ops.linalg.QrOps;
import dev.cotangent.internal.ops.linalg.SolveOps;
import dev.cotangent.internal.ops.linalg.SvdOps;
import dev.cotangent.internal.ops.linalg.TriangularOps;
import dev.cotangent.internal.ops.reduction.NormOps;
import java.util.List;

/**
 * Linear algebra: PyTorch's module {@code torch.linalg}. Matrices are the last two dimensions of a tensor; those before them
 * are a batch, and batches of several operands are broadcast. Of dtype float32 or float64 unless a method says otherwise.
 *
 * <p>Factorisations are computed in float64 by LAPACK's algorithms and rounded to the dtype. Methods without {@code Ex} throw a
 * {@link dev.cotangent.LinAlgException} that names the matrix which has no result; those with {@code Ex} return a status for
 * each matrix instead. A sign that a factor is free in (of singular vectors, eigenvectors) is LAPACK's choice, and gradients
 * through it mean something only where a result does not depend on that choice.
 */
public final class Linalg {
    private static final String LINALG = "linalg.";

    private Linalg() {}

    /**
     * Returns options of norms with PyTorch's defaults: all dimensions, or the last two of a norm of matrices, which
     * are dropped.
     */
    public static NormOptions normOptions() {
        return NormOptions.DEFAULT;
    }

    /**
     * Returns options of {@link #pinv} and {@link #matrixRank} with PyTorch's defaults: the dtype's precision, any
     * matrix.
     */
    public static ToleranceOptions toleranceOptions() {
        return ToleranceOptions.DEFAULT;
    }

    /** Returns options of {@link #lstsq} with PyTorch's defaults: the driver {@code gelsy}, the dtype's precision. */
    public static LstsqOptions lstsqOptions() {
        return LstsqOptions.DEFAULT;
    }

    private static Tensor input(String op, Tensor a) {
        return Arguments.notNull(LINALG + op, "input", a);
    }

    private static void operands(String op, Tensor a, Tensor b) {
        Arguments.notNull(LINALG + op, "A", a);
        Arguments.notNull(LINALG + op, "B", b);
    }

    // Factorisations

    /** Returns {@link #cholesky(Tensor, boolean)}'s lower factors. */
    public static Tensor cholesky(Tensor input) {
        return cholesky(input, false);
    }

    /**
     * Computes Cholesky factors of symmetric positive-definite matrices: {@code L @ L.mT()} or, with {@code upper}, {@code U.mT() @
     * U} is the matrix. Reads one triangle. {@code torch.linalg.cholesky}.
     *
     * @throws dev.cotangent.LinAlgException if a matrix is not positive-definite
     */
    public static Tensor cholesky(Tensor input, boolean upper) {
        return end(start("linalg_cholesky", input), CholeskyOps.cholesky(input("cholesky", input), upper));
    }

    /** Returns {@link #choleskyEx(Tensor, boolean, boolean)}'s lower factors, unchecked. */
    public static CholeskyEx choleskyEx(Tensor input) {
        return choleskyEx(input, false, false);
    }

    /** Works as {@link #cholesky}, with a status for each matrix. {@code torch.linalg.cholesky_ex}. */
    public static CholeskyEx choleskyEx(Tensor input, boolean upper, boolean checkErrors) {
        return end(
                start("linalg_cholesky_ex", input),
                CholeskyOps.choleskyEx(input("cholesky_ex", input), upper, checkErrors));
    }

    /** Returns {@link #qr(Tensor, QrMode)} in mode {@link QrMode#REDUCED}. */
    public static Qr qr(Tensor input) {
        return qr(input, QrMode.REDUCED);
    }

    /** Factors matrices into orthogonal columns and upper triangular matrices. {@code torch.linalg.qr}. */
    public static Qr qr(Tensor input, QrMode mode) {
        return end(
                start("linalg_qr", input), QrOps.qr(input("qr", input), Arguments.notNull("linalg.qr", "mode", mode)));
    }

    /** Works as {@link #qr(Tensor, QrMode)}, with PyTorch's name of the mode. */
    public static Qr qr(Tensor input, String mode) {
        return qr(input, QrMode.of(Arguments.notNull("linalg.qr", "mode", mode)));
    }

    /** Returns {@link #svd(Tensor, boolean)} with full matrices. */
    public static Svd svd(Tensor input) {
        return svd(input, true);
    }

    /**
     * Computes singular values and vectors of m x n matrices: U of size m x m and Vh of size n x n, or of m x k and k x n without
     * {@code fullMatrices}, k being the smaller of m and n. {@code torch.linalg.svd}.
     *
     * @throws dev.cotangent.LinAlgException if an element is not finite
     */
    public static Svd svd(Tensor input, boolean fullMatrices) {
        return end(start("linalg_svd", input), SvdOps.svd(input("svd", input), fullMatrices));
    }

    /** Computes singular values, descending. {@code torch.linalg.svdvals}. */
    public static Tensor svdvals(Tensor input) {
        return end(start("linalg_svdvals", input), SvdOps.svdvals(input("svdvals", input)));
    }

    /** Returns {@link #eigh(Tensor, String)} of the lower triangle. */
    public static Eigh eigh(Tensor input) {
        return eigh(input, "L");
    }

    /**
     * Computes eigenvalues and eigenvectors of symmetric matrices. Reads one triangle. {@code torch.linalg.eigh}.
     *
     * @param UPLO {@code "L"} for the lower triangle, {@code "U"} for the upper one
     */
    public static Eigh eigh(Tensor input, String UPLO) {
        return end(start("linalg_eigh", input), SvdOps.eigh(input("eigh", input), upper("eigh", UPLO)));
    }

    /** Returns {@link #eigvalsh(Tensor, String)} of the lower triangle. */
    public static Tensor eigvalsh(Tensor input) {
        return eigvalsh(input, "L");
    }

    /** Computes eigenvalues of symmetric matrices, ascending; as {@link #eigh(Tensor, String)}. {@code torch.linalg.eigvalsh}. */
    public static Tensor eigvalsh(Tensor input, String UPLO) {
        return end(start("linalg_eigvalsh", input), SvdOps.eigvalsh(input("eigvalsh", input), upper("eigvalsh", UPLO)));
    }

    private static boolean upper(String op, String uplo) {
        return switch (Arguments.notNull(LINALG + op, "UPLO", uplo)) {
            case "L", "l" -> false;
            case "U", "u" -> true;
            default -> throw new CotangentException("Expected UPLO argument to be 'L' or 'U', but got " + uplo);
        };
    }

    /**
     * Computes eigenvalues and eigenvectors of square matrices [.., n, n], complex for real matrices too; vectors are unique
     * up to a phase, on which a loss must not depend. {@code torch.linalg.eig}.
     */
    public static Eig eig(Tensor A) {
        Arguments.notNull("linalg.eig", "A", A);
        return EigOps.eig(A);
    }

    /** Computes the eigenvalues of square matrices, complex. {@code torch.linalg.eigvals}. */
    public static Tensor eigvals(Tensor A) {
        Arguments.notNull("linalg.eigvals", "A", A);
        return EigOps.eigvals(A);
    }

    /** Returns {@link #lu(Tensor, boolean)} with pivots. */
    public static Lu lu(Tensor input) {
        return lu(input, true);
    }

    /** Factors matrices into a permutation and triangular matrices; {@code pivot} must be true. {@code torch.linalg.lu}. */
    public static Lu lu(Tensor input, boolean pivot) {
        return end(start("linalg_lu", input), LuOps.lu(input("lu", input), pivot));
    }

    /** Returns {@link #luFactor(Tensor, boolean)} with pivots. */
    public static LuFactor luFactor(Tensor input) {
        return luFactor(input, true);
    }

    /**
     * Computes the factors of {@link #lu} in one matrix, for {@link #luSolve}. {@code torch.linalg.lu_factor}.
     *
     * @throws CotangentException if U has a zero on its diagonal
     */
    public static LuFactor luFactor(Tensor input, boolean pivot) {
        LuFactorEx out = LuOps.luFactorEx(input("lu_factor", input), pivot, "torch.linalg.lu_factor");
        return new LuFactor(out.LU(), out.pivots());
    }

    /** Returns {@link #luFactorEx(Tensor, boolean, boolean)} with pivots, unchecked. */
    public static LuFactorEx luFactorEx(Tensor input) {
        return luFactorEx(input, true, false);
    }

    /** Works as {@link #luFactor}, with a status for each matrix. {@code torch.linalg.lu_factor_ex}. */
    public static LuFactorEx luFactorEx(Tensor input, boolean pivot, boolean checkErrors) {
        return end(
                start("linalg_lu_factor_ex", input),
                LuOps.luFactorEx(
                        input("lu_factor_ex", input), pivot, checkErrors ? "torch.linalg.lu_factor_ex" : null));
    }

    /** Returns {@link #luSolve(Tensor, Tensor, Tensor, boolean, boolean)} of {@code A @ X = B}. */
    public static Tensor luSolve(Tensor LU, Tensor pivots, Tensor B) {
        return luSolve(LU, pivots, B, true, false);
    }

    /**
     * Solves {@code A @ X = B}, or {@code X @ A = B} unless {@code left}, with the factors of A; of its transposes with {@code
     * adjoint}. {@code torch.linalg.lu_solve}.
     */
    public static Tensor luSolve(Tensor LU, Tensor pivots, Tensor B, boolean left, boolean adjoint) {
        operands("lu_solve", LU, B);
        return end(
                start("linalg_lu_solve", LU, pivots, B),
                LuOps.luSolve(LU, Arguments.notNull("linalg.lu_solve", "pivots", pivots), B, left, adjoint));
    }

    /**
     * Computes Bunch-Kaufman factors of symmetric matrices. Reads the lower triangle. {@code torch.linalg.ldl_factor}.
     */
    public static LdlFactor ldlFactor(Tensor input) {
        LdlFactorEx out = LdlOps.ldlFactorEx("torch.linalg.ldl_factor", input("ldl_factor", input), true);
        return new LdlFactor(out.LD(), out.pivots());
    }

    /** Returns {@link #ldlFactorEx(Tensor, boolean)}, unchecked. */
    public static LdlFactorEx ldlFactorEx(Tensor input) {
        return ldlFactorEx(input, false);
    }

    /** Works as {@link #ldlFactor}, with a status for each matrix. {@code torch.linalg.ldl_factor_ex}. */
    public static LdlFactorEx ldlFactorEx(Tensor input, boolean checkErrors) {
        return end(
                start("linalg_ldl_factor_ex", input),
                LdlOps.ldlFactorEx("torch.linalg.ldl_factor_ex", input("ldl_factor_ex", input), checkErrors));
    }

    /** Solves {@code A @ X = B} with the factors of {@link #ldlFactor}. {@code torch.linalg.ldl_solve}. */
    public static Tensor ldlSolve(Tensor LD, Tensor pivots, Tensor B) {
        operands("ldl_solve", LD, B);
        return end(
                start("linalg_ldl_solve", LD, pivots, B),
                LdlOps.ldlSolve(LD, Arguments.notNull("linalg.ldl_solve", "pivots", pivots), B));
    }

    /** Computes the first columns of products of Householder reflectors, as {@code geqrf} returns them. {@code torch.linalg.householder_product}. */
    public static Tensor householderProduct(Tensor input, Tensor tau) {
        return end(
                start("linalg_householder_product", input, tau),
                QrOps.householderProduct(
                        input("householder_product", input),
                        Arguments.notNull("linalg.householder_product", "tau", tau)));
    }

    // Equations and inverses

    /** Returns {@link #solve(Tensor, Tensor, boolean)} of {@code A @ X = B}. */
    public static Tensor solve(Tensor A, Tensor B) {
        return solve(A, B, true);
    }

    /**
     * Solves {@code A @ X = B}, or {@code X @ A = B} unless {@code left}. B holds matrices, or vectors if it has one dimension or
     * A's shape without the last. {@code torch.linalg.solve}.
     *
     * @throws dev.cotangent.LinAlgException if a matrix is singular
     */
    public static Tensor solve(Tensor A, Tensor B, boolean left) {
        operands("solve", A, B);
        return end(start("linalg_solve", A, B), SolveOps.solve(A, B, left));
    }

    /** Returns {@link #solveEx(Tensor, Tensor, boolean, boolean)} of {@code A @ X = B}, unchecked. */
    public static SolveEx solveEx(Tensor A, Tensor B) {
        return solveEx(A, B, true, false);
    }

    /** Works as {@link #solve}, with a status for each matrix. {@code torch.linalg.solve_ex}. */
    public static SolveEx solveEx(Tensor A, Tensor B, boolean left, boolean checkErrors) {
        operands("solve_ex", A, B);
        return end(start("linalg_solve_ex", A, B), SolveOps.solveEx(A, B, left, checkErrors));
    }

    /** Returns {@link #solveTriangular(Tensor, Tensor, boolean, boolean, boolean)} of {@code A @ X = B}. */
    public static Tensor solveTriangular(Tensor A, Tensor B, boolean upper) {
        return solveTriangular(A, B, upper, true, false);
    }

    /**
     * Solves {@code A @ X = B}, or {@code X @ A = B} unless {@code left}, with triangular matrices. Does not read the
     * other triangle, nor with {@code unitriangular} the diagonal, which is taken to be 1. Returns infinities for a
     * zero on the diagonal. {@code torch.linalg.solve_triangular}.
     */
    public static Tensor solveTriangular(Tensor A, Tensor B, boolean upper, boolean left, boolean unitriangular) {
        operands("solve_triangular", A, B);
        return end(
                start("linalg_solve_triangular", A, B),
                TriangularOps.solveTriangular(A, B, upper, left, unitriangular));
    }

    /**
     * Computes inverses. {@code torch.linalg.inv}.
     *
     * @throws dev.cotangent.LinAlgException if a matrix is singular
     */
    public static Tensor inv(Tensor input) {
        return end(start("linalg_inv", input), SolveOps.inv(input("inv", input)));
    }

    /** Returns {@link #invEx(Tensor, boolean)}, unchecked. */
    public static InverseEx invEx(Tensor input) {
        return invEx(input, false);
    }

    /** Works as {@link #inv}, with a status for each matrix. {@code torch.linalg.inv_ex}. */
    public static InverseEx invEx(Tensor input, boolean checkErrors) {
        return end(start("linalg_inv_ex", input), SolveOps.invEx(input("inv_ex", input), checkErrors));
    }

    /** Returns {@link #pinv(Tensor, ToleranceOptions)} with PyTorch's tolerances. */
    public static Tensor pinv(Tensor input) {
        return pinv(input, ToleranceOptions.DEFAULT);
    }

    /** Computes pseudo-inverses (Moore and Penrose) by singular values, or eigenvalues. {@code torch.linalg.pinv}. */
    public static Tensor pinv(Tensor input, ToleranceOptions options) {
        return end(
                start("linalg_pinv", input),
                LstsqOps.pinv(input("pinv", input), Arguments.notNull("linalg.pinv", "options", options)));
    }

    /** Returns {@link #lstsq(Tensor, Tensor, LstsqOptions)} of matrices of any rank. */
    public static Lstsq lstsq(Tensor input, Tensor other) {
        return lstsq(input, other, LstsqOptions.DEFAULT);
    }

    /** Solves {@code A @ X = B} in the sense of least squares; the solution of smallest norm. {@code torch.linalg.lstsq}. */
    public static Lstsq lstsq(Tensor input, Tensor other, LstsqOptions options) {
        return end(
                start("linalg_lstsq", input, other),
                LstsqOps.lstsq(
                        input("lstsq", input),
                        Arguments.notNull("linalg.lstsq", "other", other),
                        Arguments.notNull("linalg.lstsq", "options", options)));
    }

    /** Computes the inverse of {@code x -> tensordot(input, x, ndim - ind)}. {@code torch.linalg.tensorinv}. */
    public static Tensor tensorinv(Tensor input, int ind) {
        return end(start("linalg_tensorinv", input), SolveOps.tensorinv(input("tensorinv", input), ind));
    }

    /** Solves {@code tensordot(input, X, X.dim()) = other}; the dimensions {@code dims} are moved to the end first. {@code torch.linalg.tensorsolve}. */
    public static Tensor tensorsolve(Tensor input, Tensor other, int... dims) {
        return end(
                start("linalg_tensorsolve", input, other),
                SolveOps.tensorsolve(
                        input("tensorsolve", input),
                        Arguments.notNull("linalg.tensorsolve", "other", other),
                        Arguments.notNull("linalg.tensorsolve", "dims", dims)));
    }

    // Determinants, norms, ranks

    /** Computes determinants. {@code torch.linalg.det}. */
    public static Tensor det(Tensor input) {
        return end(start("linalg_det", input), DetOps.det(input("det", input)));
    }

    /** Computes signs and logarithms of the magnitudes of determinants. {@code torch.linalg.slogdet}. */
    public static Slogdet slogdet(Tensor input) {
        return end(start("linalg_slogdet", input), DetOps.slogdet(input("slogdet", input)));
    }

    /** Returns the root of the sum of all squares, of any floating-point dtype. {@code torch.linalg.vector_norm}. */
    public static Tensor vectorNorm(Tensor x) {
        return vectorNorm(x, 2);
    }

    /** Returns the norm of order {@code ord} of all elements, of any floating-point dtype. {@code torch.linalg.vector_norm}. */
    public static Tensor vectorNorm(Tensor x, Number ord) {
        return vectorNorm(x, ord, NormOptions.DEFAULT);
    }

    /** Returns norms of order {@code ord} over dimensions, of any floating-point dtype. {@code torch.linalg.vector_norm}. */
    public static Tensor vectorNorm(Tensor x, Number ord, NormOptions options) {
        NormOptions o = Arguments.notNull("linalg.vector_norm", "options", options);
        Arguments.notNull("linalg.vector_norm", "ord", ord);
        return end(
                start("linalg_vector_norm", x),
                NormOps.vectorNorm(
                        AutocastMode.singleOnCuda(input("vector_norm", x)), ord, o.dim(), o.keepdim(), o.dtype()));
    }

    /** Returns the root of the sum of squares of each matrix. {@code torch.linalg.matrix_norm}. */
    public static Tensor matrixNorm(Tensor input) {
        return matrixNorm(input, "fro", NormOptions.DEFAULT);
    }

    /** Returns {@link #matrixNorm(Tensor, Number, NormOptions)} over the last two dimensions. */
    public static Tensor matrixNorm(Tensor input, Number ord) {
        return matrixNorm(input, ord, NormOptions.DEFAULT);
    }

    /** Returns {@link #matrixNorm(Tensor, String, NormOptions)} over the last two dimensions. */
    public static Tensor matrixNorm(Tensor input, String ord) {
        return matrixNorm(input, ord, NormOptions.DEFAULT);
    }

    /**
     * Returns norms of matrices: of order 1 the largest sum of a column's magnitudes, infinity that of a row's, 2 the largest
     * singular value; of their negatives the smallest. Half dtypes too unless of order 2. {@code torch.linalg.matrix_norm}.
     */
    public static Tensor matrixNorm(Tensor input, Number ord, NormOptions options) {
        return norms(input, Arguments.notNull("linalg.matrix_norm", "ord", ord), options);
    }

    /** Returns norms of matrices: {@code "fro"}, the root of the sum of squares, or {@code "nuc"}, the sum of singular values. */
    public static Tensor matrixNorm(Tensor input, String ord, NormOptions options) {
        return norms(input, Arguments.notNull("linalg.matrix_norm", "ord", ord), options);
    }

    private static Tensor norms(Tensor a, Object ord, NormOptions options) {
        NormOptions o = Arguments.notNull("linalg.matrix_norm", "options", options);
        int[] dim = o.dim() == null ? new int[] {-2, -1} : o.dim();
        return MatrixNormOps.matrixNorm(input("matrix_norm", a), ord, dim, o.keepdim(), o.dtype());
    }

    /** Returns the root of the sum of all squares. {@code torch.linalg.norm}. */
    public static Tensor norm(Tensor input) {
        return norm(input, NormOptions.DEFAULT);
    }

    /** Returns the root of the sum of squares over dimensions. {@code torch.linalg.norm}. */
    public static Tensor norm(Tensor input, NormOptions options) {
        NormOptions o = Arguments.notNull("linalg.norm", "options", options);
        return end(
                start("linalg_norm", input),
                MatrixNormOps.norm(
                        AutocastMode.singleOnCuda(input("norm", input)), null, o.dim(), o.keepdim(), o.dtype()));
    }

    /** Returns {@link #norm(Tensor, Number, NormOptions)} of a vector or a matrix. */
    public static Tensor norm(Tensor input, Number ord) {
        return norm(input, ord, NormOptions.DEFAULT);
    }

    /** Returns {@link #norm(Tensor, String, NormOptions)} of a matrix. */
    public static Tensor norm(Tensor input, String ord) {
        return norm(input, ord, NormOptions.DEFAULT);
    }

    /** Returns {@link #vectorNorm(Tensor, Number, NormOptions)} along one dimension, {@link #matrixNorm(Tensor, Number, NormOptions)} over two. {@code torch.linalg.norm}. */
    public static Tensor norm(Tensor input, Number ord, NormOptions options) {
        NormOptions o = Arguments.notNull("linalg.norm", "options", options);
        Arguments.notNull("linalg.norm", "ord", ord);
        return end(
                start("linalg_norm", input),
                MatrixNormOps.norm(
                        AutocastMode.singleOnCuda(input("norm", input)), ord, o.dim(), o.keepdim(), o.dtype()));
    }

    /** Returns {@link #matrixNorm(Tensor, String, NormOptions)}. {@code torch.linalg.norm}. */
    public static Tensor norm(Tensor input, String ord, NormOptions options) {
        NormOptions o = Arguments.notNull("linalg.norm", "options", options);
        Arguments.notNull("linalg.norm", "ord", ord);
        return end(
                start("linalg_norm", input),
                MatrixNormOps.norm(
                        AutocastMode.singleOnCuda(input("norm", input)), ord, o.dim(), o.keepdim(), o.dtype()));
    }

    /** Returns the largest singular value divided by the smallest. {@code torch.linalg.cond}. */
    public static Tensor cond(Tensor input) {
        return end(start("linalg_cond", input), MatrixNormOps.cond(input("cond", input), null));
    }

    /** Returns condition numbers in a norm of {@link #matrixNorm(Tensor, Number)}; infinite of singular matrices. {@code torch.linalg.cond}. */
    public static Tensor cond(Tensor input, Number p) {
        return end(
                start("linalg_cond", input),
                MatrixNormOps.cond(input("cond", input), Arguments.notNull("linalg.cond", "p", p)));
    }

    /** Returns condition numbers in the norm {@code "fro"} or {@code "nuc"}. {@code torch.linalg.cond}. */
    public static Tensor cond(Tensor input, String p) {
        return end(
                start("linalg_cond", input),
                MatrixNormOps.cond(input("cond", input), Arguments.notNull("linalg.cond", "p", p)));
    }

    /** Returns {@link #matrixRank(Tensor, ToleranceOptions)} with PyTorch's tolerances. */
    public static Tensor matrixRank(Tensor input) {
        return matrixRank(input, ToleranceOptions.DEFAULT);
    }

    /** Counts the singular values that are not 0; int64. {@code torch.linalg.matrix_rank}. */
    public static Tensor matrixRank(Tensor input, ToleranceOptions options) {
        return end(
                start("linalg_matrix_rank", input),
                LstsqOps.matrixRank(
                        input("matrix_rank", input), Arguments.notNull("linalg.matrix_rank", "options", options)));
    }

    // Functions and products

    /** Computes exponentials of square matrices, of any floating-point dtype. {@code torch.linalg.matrix_exp}. */
    public static Tensor matrixExp(Tensor input) {
        return end(start("linalg_matrix_exp", input), MatrixFunctionOps.matrixExp(input("matrix_exp", input)));
    }

    /** Computes powers of square matrices, of their inverses if {@code n} is negative; of any dtype but bool. {@code torch.linalg.matrix_power}. */
    public static Tensor matrixPower(Tensor input, long n) {
        return end(start("linalg_matrix_power", input), MatrixFunctionOps.matrixPower(input("matrix_power", input), n));
    }

    /**
     * Computes the product of matrices in the order of fewest operations; the first and the last may be vectors; of any
     * dtype but bool. {@code torch.linalg.multi_dot}.
     */
    public static Tensor multiDot(List<Tensor> tensors) {
        return end(
                start("linalg_multi_dot", tensors),
                ProductOps.multiDot(Arguments.noNulls("linalg.multi_dot", "tensors", tensors).stream()
                        .map(AutocastMode::lower)
                        .toList()));
    }

    /** Returns {@link #vecdot(Tensor, Tensor, int)} along the last dimension. */
    public static Tensor vecdot(Tensor x, Tensor y) {
        return vecdot(x, y, -1);
    }

    /** Computes sums of products along a dimension, of any floating-point dtype. {@code torch.linalg.vecdot}. */
    public static Tensor vecdot(Tensor x, Tensor y, int dim) {
        return end(
                start("linalg_vecdot", x, y),
                ProductOps.vecdot(
                        AutocastMode.lower(input("vecdot", x)),
                        AutocastMode.lower(Arguments.notNull("linalg.vecdot", "y", y)),
                        dim));
    }

    /** Returns {@link #cross(Tensor, Tensor, int)} along the last dimension. */
    public static Tensor cross(Tensor input, Tensor other) {
        return cross(input, other, -1);
    }

    /** Computes cross products of vectors of three along a dimension, of any dtype but bool. {@code torch.linalg.cross}. */
    public static Tensor cross(Tensor input, Tensor other, int dim) {
        return end(
                start("linalg_cross", input, other),
                ProductOps.cross(
                        "linalg.cross", input("cross", input), Arguments.notNull("linalg.cross", "other", other), dim));
    }

    /** Returns {@link #diagonal(Tensor, long, int, int)} of the last two dimensions. */
    public static Tensor diagonal(Tensor A) {
        return diagonal(A, 0, -2, -1);
    }

    /** Returns a view of diagonals, of any dtype. {@code torch.linalg.diagonal}. */
    public static Tensor diagonal(Tensor A, long offset, int dim1, int dim2) {
        return input("diagonal", A).diagonal(offset, dim1, dim2);
    }

    /** Returns powers along a new dimension, one for each element of the last; of any dtype. {@code torch.linalg.vander}. */
    public static Tensor vander(Tensor x) {
        return end(start("linalg_vander", x), ProductOps.vander(input("vander", x), null));
    }

    /** Returns powers 0 to {@code N - 1} along a new dimension; of any dtype. {@code torch.linalg.vander}. */
    public static Tensor vander(Tensor x, long N) {
        return end(start("linalg_vander", x), ProductOps.vander(input("vander", x), N));
    }
}
