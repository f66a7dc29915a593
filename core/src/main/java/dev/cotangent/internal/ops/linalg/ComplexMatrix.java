package dev.cotangent.internal.ops.linalg;

/** A complex matrix on the host, row-major, with Householder reflectors as LAPACK defines them. */
final class ComplexMatrix {
    final int rows;
    final int columns;
    final double[] re;
    final double[] im;

    /** Creates a matrix of zeros. */
    ComplexMatrix(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        this.re = new double[rows * columns];
        this.im = new double[rows * columns];
    }

    /** Returns an identity matrix, of any sizes. */
    static ComplexMatrix identity(int rows, int columns) {
        ComplexMatrix out = new ComplexMatrix(rows, columns);
        for (int i = 0; i < Math.min(rows, columns); i++) out.re[out.at(i, i)] = 1;
        return out;
    }

    int at(int i, int j) {
        return i * columns + j;
    }

    void set(int to, double real, double imaginary) {
        re[to] = real;
        im[to] = imaginary;
    }

    ComplexMatrix copy() {
        ComplexMatrix out = new ComplexMatrix(rows, columns);
        System.arraycopy(re, 0, out.re, 0, re.length);
        System.arraycopy(im, 0, out.im, 0, im.length);
        return out;
    }

    /** Returns the conjugate transpose. */
    ComplexMatrix adjoint() {
        ComplexMatrix out = new ComplexMatrix(columns, rows);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) out.set(out.at(j, i), re[at(i, j)], -im[at(i, j)]);
        }
        return out;
    }

    boolean isFinite() {
        for (int i = 0; i < re.length; i++) if (!Double.isFinite(re[i]) || !Double.isFinite(im[i])) return false;
        return true;
    }

    boolean isReal() {
        for (double x : im) if (x != 0) return false;
        return true;
    }

    /** Exchanges two columns. */
    void swapColumns(int i, int j) {
        for (int r = 0; r < rows && i != j; r++) {
            int p = at(r, i);
            int q = at(r, j);
            double x = re[p];
            double y = im[p];
            set(p, re[q], im[q]);
            set(q, x, y);
        }
    }

    /** Adds {@code (a + bi) * element from} to element {@code to}. */
    void addMultiple(int to, double a, double b, int from) {
        double x = re[from];
        double y = im[from];
        re[to] += a * x - b * y;
        im[to] += a * y + b * x;
    }

    /** Divides an element by another matrix's. */
    void divide(int to, ComplexMatrix other, int by) {
        double c = other.re[by];
        double d = other.im[by];
        double x = re[to];
        double y = im[to];
        if (Math.abs(c) >= Math.abs(d)) {
            double ratio = d / c;
            double scale = 1 / (c + d * ratio);
            set(to, (x + y * ratio) * scale, (y - x * ratio) * scale);
        } else {
            double ratio = c / d;
            double scale = 1 / (c * ratio + d);
            set(to, (x * ratio + y) * scale, (y * ratio - x) * scale);
        }
    }

    /** Returns this times another. */
    ComplexMatrix times(ComplexMatrix other) {
        ComplexMatrix out = new ComplexMatrix(rows, other.columns);
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < columns; k++) {
                double a = re[at(i, k)];
                double b = im[at(i, k)];
                for (int j = 0; j < other.columns; j++) {
                    int from = other.at(k, j);
                    int to = out.at(i, j);
                    out.re[to] += a * other.re[from] - b * other.im[from];
                    out.im[to] += a * other.im[from] + b * other.re[from];
                }
            }
        }
        return out;
    }

    /** A reflector {@code I - tau v v^H}, whose vector is 0 before {@code start} and 1 there. */
    record Reflector(int start, double[] re, double[] im, double tauRe, double tauIm) {
        Reflector adjoint() {
            return new Reflector(start, re, im, tauRe, -tauIm);
        }
    }

    /**
     * Returns the reflector whose adjoint maps a vector from {@code start} on to a real multiple of the first unit vector
     * (ZLARFG), and writes that multiple to {@code beta}.
     */
    static Reflector reflector(double[] x, double[] y, int start, double[] beta) {
        int n = x.length;
        double[] v = new double[n];
        double[] w = new double[n];
        v[start] = 1;
        double scale = 0;
        for (int i = start + 1; i < n; i++) scale = Math.max(scale, Math.max(Math.abs(x[i]), Math.abs(y[i])));
        double sum = 0;
        for (int i = start + 1; i < n && scale > 0; i++) {
            sum += x[i] / scale * (x[i] / scale) + y[i] / scale * (y[i] / scale);
        }
        double norm = scale * Math.sqrt(sum);
        double a = x[start];
        double b = y[start];
        if (norm == 0 && b == 0) {
            beta[0] = a;
            return new Reflector(start, v, w, 0, 0);
        }
        beta[0] = -Math.copySign(Math.hypot(Math.hypot(a, b), norm), a);
        // 1 / (alpha - beta)
        double c = a - beta[0];
        double size = c * c + b * b;
        double invRe = c / size;
        double invIm = -b / size;
        for (int i = start + 1; i < n; i++) {
            v[i] = x[i] * invRe - y[i] * invIm;
            w[i] = x[i] * invIm + y[i] * invRe;
        }
        return new Reflector(start, v, w, (beta[0] - a) / beta[0], -b / beta[0]);
    }

    /** Returns the reflector of a column from row {@code start} on, and its {@code beta}. */
    Reflector ofColumn(int column, int start, double[] beta) {
        double[] x = new double[rows];
        double[] y = new double[rows];
        for (int i = start; i < rows; i++) {
            x[i] = re[at(i, column)];
            y[i] = im[at(i, column)];
        }
        return reflector(x, y, start, beta);
    }

    /** Returns the reflector of a conjugated row from column {@code start} on, and its {@code beta}. */
    Reflector ofRow(int row, int start, double[] beta) {
        double[] x = new double[columns];
        double[] y = new double[columns];
        for (int j = start; j < columns; j++) {
            x[j] = re[at(row, j)];
            y[j] = -im[at(row, j)];
        }
        return reflector(x, y, start, beta);
    }

    /** Multiplies by a reflector from the left, from column {@code first} on. */
    void reflectRows(Reflector h, int first) {
        if (h.tauRe == 0 && h.tauIm == 0) return;
        for (int j = first; j < columns; j++) {
            double p = 0;
            double q = 0;
            for (int i = h.start; i < rows; i++) {
                int k = at(i, j);
                p += h.re[i] * re[k] + h.im[i] * im[k];
                q += h.re[i] * im[k] - h.im[i] * re[k];
            }
            double a = h.tauRe * p - h.tauIm * q;
            double b = h.tauRe * q + h.tauIm * p;
            for (int i = h.start; i < rows; i++) {
                int k = at(i, j);
                re[k] -= h.re[i] * a - h.im[i] * b;
                im[k] -= h.re[i] * b + h.im[i] * a;
            }
        }
    }

    /** Multiplies by a reflector from the right, from row {@code first} on. */
    void reflectColumns(Reflector h, int first) {
        if (h.tauRe == 0 && h.tauIm == 0) return;
        for (int i = first; i < rows; i++) {
            double p = 0;
            double q = 0;
            for (int j = h.start; j < columns; j++) {
                int k = at(i, j);
                p += re[k] * h.re[j] - im[k] * h.im[j];
                q += re[k] * h.im[j] + im[k] * h.re[j];
            }
            double a = h.tauRe * p - h.tauIm * q;
            double b = h.tauRe * q + h.tauIm * p;
            for (int j = h.start; j < columns; j++) {
                int k = at(i, j);
                re[k] -= a * h.re[j] + b * h.im[j];
                im[k] -= b * h.re[j] - a * h.im[j];
            }
        }
    }
}
