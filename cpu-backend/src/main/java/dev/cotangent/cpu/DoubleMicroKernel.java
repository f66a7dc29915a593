package dev.cotangent.cpu;

/** Micro-kernels of {@code double} in scalar loops. */
final class DoubleMicroKernel extends ScalarMicroKernel {
    DoubleMicroKernel() {
        super(true);
    }

    @Override
    void product(int m, int n, int k, Object x, int i, int lda, Object y, int j, int ldb, Object z, int o, int ldc) {
        double[] a = (double[]) x;
        double[] b = (double[]) y;
        double[] c = (double[]) z;
        for (int r = 0; r < m; r++) {
            int from = i + r * lda;
            int e = 0;
            // Eight sums at a time, in registers: the compiler cannot tell that c is not b, and would go through
            // memory.
            for (; e <= n - 8; e += 8) {
                int at = o + r * ldc + e;
                double s0 = c[at + 0];
                double s1 = c[at + 1];
                double s2 = c[at + 2];
                double s3 = c[at + 3];
                double s4 = c[at + 4];
                double s5 = c[at + 5];
                double s6 = c[at + 6];
                double s7 = c[at + 7];
                for (int q = 0; q < k; q++) {
                    double factor = a[from + q];
                    int p = j + q * ldb + e;
                    s0 = Math.fma(factor, b[p + 0], s0);
                    s1 = Math.fma(factor, b[p + 1], s1);
                    s2 = Math.fma(factor, b[p + 2], s2);
                    s3 = Math.fma(factor, b[p + 3], s3);
                    s4 = Math.fma(factor, b[p + 4], s4);
                    s5 = Math.fma(factor, b[p + 5], s5);
                    s6 = Math.fma(factor, b[p + 6], s6);
                    s7 = Math.fma(factor, b[p + 7], s7);
                }
                c[at + 0] = s0;
                c[at + 1] = s1;
                c[at + 2] = s2;
                c[at + 3] = s3;
                c[at + 4] = s4;
                c[at + 5] = s5;
                c[at + 6] = s6;
                c[at + 7] = s7;
            }
            for (; e < n; e++) {
                double sum = c[o + r * ldc + e];
                for (int q = 0; q < k; q++) sum = Math.fma(a[from + q], b[j + q * ldb + e], sum);
                c[o + r * ldc + e] = sum;
            }
        }
    }
}
