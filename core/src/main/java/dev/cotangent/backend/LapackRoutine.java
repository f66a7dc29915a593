package dev.cotangent.backend;

/**
 * The routines of LAPACK that {@link Backend#lapack} runs on each matrix of a batch. Operands are listed in order: matrices
 * [batch, rows, columns] and vectors [batch, length], float32 or float64, pivots and status codes int32. Status codes are
 * LAPACK's {@code info}: 0 for success.
 *
 * @see <a href="https://www.netlib.org/lapack/lug/">LAPACK Users' Guide</a>
 */
public enum LapackRoutine {
    /** POTRF: {@code a} becomes its Cholesky factor, the other triangle zero; {@code info}. Flag: upper. */
    CHOLESKY("uo"),
    /** GETRF: {@code a} [m, n] becomes L (unit diagonal not stored) and U; {@code pivots}, counted from 1; {@code info}. */
    LU("uoo"),
    /** GETRS: {@code lu}, {@code pivots}, {@code b} becomes the solution. Flag: transposed. */
    LU_SOLVE("iiu"),
    /** TRTRS: {@code a}, {@code b} becomes the solution of {@code op(a) x = b}. Flags: upper, transposed, unit diagonal. */
    TRIANGULAR_SOLVE("iu"),
    /** GEQRF: {@code a} [m, n] becomes R above Householder vectors; {@code tau} [min(m, n)]. */
    QR("uo"),
    /** ORGQR: {@code a} [m, n], m >= n, becomes the first n columns of the product of {@code tau}'s reflectors. */
    HOUSEHOLDER_PRODUCT("ui"),
    /** ORMQR: {@code a}, {@code tau}, {@code c} becomes {@code op(Q) c} or {@code c op(Q)}. Flags: left, transposed. */
    HOUSEHOLDER_MULTIPLY("iiu"),
    /** GESDD: {@code a} [m, n], {@code u} [m, k], {@code s}, {@code vh} [l, n], {@code info}; k = m and l = n, or both min(m, n). */
    SVD("ioooo"),
    /** GESDD without vectors: {@code a}, {@code s}, {@code info}. */
    SINGULAR_VALUES("ioo"),
    /** SYEVD: {@code a} becomes its eigenvectors; {@code w}, ascending; {@code info}. Flag: upper. */
    EIGH("uoo"),
    /** SYEVD without vectors: {@code a}, {@code w}, {@code info}. Flag: upper. */
    EIGENVALUES("ioo"),
    /** SYTRF: {@code a} becomes its Bunch-Kaufman factors; {@code pivots}; {@code info}. Flag: upper. */
    LDL("uoo"),
    /** SYTRS: {@code ldl}, {@code pivots}, {@code b} becomes the solution. Flag: upper. */
    LDL_SOLVE("iiu");

    private final String roles;

    LapackRoutine(String roles) {
        this.roles = roles;
    }

    /** Returns the number of operands. */
    public int operands() {
        return roles.length();
    }

    /** Returns whether a routine reads an operand. */
    public boolean reads(int operand) {
        return roles.charAt(operand) != 'o';
    }

    /** Returns whether a routine writes an operand. */
    public boolean writes(int operand) {
        return roles.charAt(operand) != 'i';
    }
}
