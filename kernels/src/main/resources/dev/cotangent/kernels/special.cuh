// Functions of two numbers that few programs call. Sources as in the CPU backend: DLMF chapters 8, 18 and 25.

// Hurwitz's zeta function: infinity at s = 1 and at the poles, NaN below 1, and below 0 unless s is whole, where it is
// the sum over the numbers on either side of 0.
__device__ inline double hurwitz_zeta(double s, double q) {
    if (s == 1.0) return (double)infinity();
    if (!(s > 1.0) || q != q) return (double)nan_();
    if (q > 0.0) return zeta_(s, q);
    if (q == floor(q)) return (double)infinity();
    if (s != floor(s)) return (double)nan_();
    double whole = floor(-q), part = -q - whole;
    double below = zeta_(s, part) - zeta_(s, part + whole + 1.0);
    return zeta_(s, 1.0 - part) + (fmod(s, 2.0) == 0.0 ? below : -below);
}

// log(1 + u) - u without cancellation, for |u| of at most 0.4, in powers of u / (2 + u).
__device__ inline double log1p_less(double u) {
    double r = u / (2.0 + u), square = r * r, sum = 0.0;
    for (int k = 41; k >= 3; k -= 2) sum = sum * square + 2.0 / k;
    return sum * square * r - r * u;
}
// x^a e^-x / gamma(a + 1).
__device__ inline double gamma_factor(double a, double x) {
    if (a < 15.0) return exp(a * log(x) - x - lgamma(a + 1.0));
    double mu = (x - a) / a;
    double exponent = fabs(mu) < 0.4 ? a * log1p_less(mu) : a * log(x / a) - (x - a);
    double r = 1.0 / (a * a);
    double stirling = ((((1 / 1188.0 * r - 1 / 1680.0) * r + 1 / 1260.0) * r - 1 / 360.0) * r + 1 / 12.0) / a;
    return exp(exponent - stirling) / sqrt(6.283185307179586477 * a);
}
__device__ inline double gamma_series(double a, double x) {
    double scale = gamma_factor(a, x), sum = 1.0, term = 1.0;
    if (scale == 0.0) return 0.0;
    for (int n = 1; n < 20000 && term > 0x1p-53 * sum; n++) {
        term *= x / (a + n);
        sum += term;
    }
    return sum * scale;
}
__device__ inline double gamma_upper_series(double a, double x) {
    double power = 1.0, sum = 0.0;
    for (int n = 1; n < 20000; n++) {
        power *= -x / n;
        double term = power / (a + n);
        sum += term;
        if (fabs(term) <= 0x1p-53 * fabs(sum)) break;
    }
    double l = a * log(x) - lgamma(1.0 + a);
    return -expm1(l) - a * exp(l) * sum;
}
// The continued fraction by Lentz's method.
__device__ inline double gamma_fraction(double a, double x) {
    const double tiny = 2.2250738585072014e-308;
    double scale = gamma_factor(a, x);
    if (scale == 0.0) return 0.0;
    double b = x + 1.0 - a, c = 1.0 / tiny, d = 1.0 / b, h = d;
    for (int n = 1; n < 20000; n++) {
        double numerator = n * (a - n);
        b += 2.0;
        d = numerator * d + b;
        d = 1.0 / (d == 0.0 ? tiny : d);
        c = b + numerator / c;
        c = c == 0.0 ? tiny : c;
        double ratio = d * c;
        h *= ratio;
        if (fabs(ratio - 1.0) <= 0x1p-52) break;
    }
    return a * scale * h;
}
// Temme's expansion for large parameters: of the upper part with sign 1, of the lower one with -1.
__device__ inline double gamma_expansion(double a, double x, double sign) {
    const double temme[4][14] = {
        {
        -0.3333333333333333, 0.08333333333333333, -0.014814814814814815, 0.0011574074074074073,
        0.0003527336860670194, -0.0001787551440329218, 3.919263178522438E-5, -2.1854485106799924E-6,
        -1.85406221071516E-6, 8.296711340953087E-7, -1.7665952736826078E-7, 6.707853543401498E-9,
        1.0261809784240309E-8, -4.382036018453353E-9
        },
        {
        -0.001851851851851852, -0.003472222222222222, 0.0026455026455026454, -0.0009902263374485596,
        0.00020576131687242798, -4.018775720164609E-7, -1.8098550334489977E-5, 7.64916091608111E-6,
        -1.6120900894563446E-6, 4.647127802807434E-9, 1.378633446915721E-7, -5.752545603517705E-8,
        1.1951628599778148E-8, -1.7543241719747647E-11
        },
        {
        0.004133597883597883, -0.0026813271604938273, 0.0007716049382716049, 2.0093878600823047E-6,
        -0.00010736653226365161, 5.2923448829120125E-5, -1.2760635188618728E-5, 3.423578734096138E-8,
        1.3721957309062932E-6, -6.298992138380055E-7, 1.4280614206064242E-7, -2.0477098421990866E-10,
        -1.409252991086752E-8, 6.228974084922022E-9
        },
        {
        0.0006494341563786008, 0.00022947209362139917, -0.0004691894943952557, 0.00026772063206283885,
        -7.561801671883977E-5, -2.396505113867297E-7, 1.1082654115347302E-5, -5.6749528269915965E-6,
        1.4230900732435883E-6, -2.7861080291528143E-11, -1.6958404091930278E-7, 8.099464905388083E-8,
        -1.9111168485973655E-8, 2.3928620439808118E-12
        }
    };
    double mu = (x - a) / a, exponent = log1p_less(mu), eta = copysign(sqrt(-2.0 * exponent), mu), sum = 0.0;
    for (int k = 3; k >= 0; k--) {
        double row = 0.0;
        for (int n = 13; n >= 0; n--) row = row * eta + temme[k][n];
        sum = sum / a + row;
    }
    double rest = exp(a * exponent) / sqrt(6.283185307179586477 * a) * sum;
    return 0.5 * erfc(sign * eta * sqrt(a / 2.0)) + sign * rest;
}
__device__ inline bool gamma_about(double a, double x) { return a >= 1e4 && fabs(x - a) < 0.3 * a; }
__device__ inline double gammainc_(double a, double x) {
    if (!(a >= 0.0 && x >= 0.0)) return (double)nan_();
    if (a == 0.0) return x > 0.0 ? 1.0 : (double)nan_();
    if (x == 0.0) return 0.0;
    if (a == (double)infinity()) return x == a ? (double)nan_() : 0.0;
    if (x == (double)infinity()) return 1.0;
    if (gamma_about(a, x)) return gamma_expansion(a, x, -1.0);
    return x > 1.0 && x > a ? 1.0 - gamma_fraction(a, x) : gamma_series(a, x);
}
__device__ inline double gammaincc_(double a, double x) {
    if (!(a >= 0.0 && x >= 0.0)) return (double)nan_();
    if (a == 0.0) return x > 0.0 ? 0.0 : (double)nan_();
    if (x == 0.0) return 1.0;
    if (a == (double)infinity()) return x == a ? (double)nan_() : 1.0;
    if (x == (double)infinity()) return 0.0;
    if (gamma_about(a, x)) return gamma_expansion(a, x, 1.0);
    if (x > 1.1) return x < a ? 1.0 - gamma_series(a, x) : gamma_fraction(a, x);
    bool below = x <= 0.5 ? -0.4 / log(x) < a : x * 1.1 < a;
    return below ? 1.0 - gamma_series(a, x) : gamma_upper_series(a, x);
}

// Orthogonal polynomials by their recurrences; a degree is truncated, and of one that is negative the result is 0.
__device__ inline bool no_degree(double n) { return !(n > -1.0 && n < 0x1p63); }
__device__ inline double alternate(i64 n, double b) { return n % 2 == 0 ? b : -b; }
__device__ inline double chebyshev_recurrence(double x, double first, i64 n) {
    if (n == 0) return 1.0;
    double p = 1.0, q = first;
    for (i64 k = 2; k <= n && q == q; k++) {
        double r = (x + x) * q - p;
        p = q;
        q = r;
    }
    return q;
}
// The value at x from that at |x|; near 1 the angle is exact.
__device__ inline double mirror(double x, i64 n, double value) { return x < 0.0 ? alternate(n, value) : value; }
__device__ inline double third_kind(double a, i64 n) {
    double angle = acos(a);
    return cos(((double)n + 0.5) * angle) / cos(angle / 2.0);
}
__device__ inline double fourth_kind(double a, i64 n) {
    double angle = acos(a);
    return sin(((double)n + 0.5) * angle) / sin(angle / 2.0);
}
__device__ inline double chebyshev_t(double x, double degree) {
    if (no_degree(degree)) return 0.0;
    i64 n = (i64)degree;
    if (fabs(x) == 1.0) return x > 0.0 ? 1.0 : alternate(n, 1.0);
    if (n > 6 && fabs(x) < 1.0) return mirror(x, n, cos((double)n * acos(fabs(x))));
    return chebyshev_recurrence(x, x, n);
}
__device__ inline double chebyshev_u(double x, double degree) {
    if (no_degree(degree)) return 0.0;
    i64 n = (i64)degree;
    double most = (double)n + 1.0;
    if (fabs(x) == 1.0) return x > 0.0 ? most : alternate(n, most);
    if (n > 8 && fabs(x) < 1.0) {
        double angle = acos(fabs(x));
        return mirror(x, n, sin(most * angle) / sin(angle));
    }
    return chebyshev_recurrence(x, x + x, n);
}
__device__ inline double chebyshev_v(double x, double degree) {
    if (no_degree(degree)) return 0.0;
    i64 n = (i64)degree;
    double most = 2.0 * (double)n + 1.0;
    if (fabs(x) == 1.0) return x > 0.0 ? 1.0 : alternate(n, most);
    if (n > 8 && fabs(x) < 1.0) return x < 0.0 ? alternate(n, fourth_kind(-x, n)) : third_kind(x, n);
    return chebyshev_recurrence(x, x + x - 1.0, n);
}
__device__ inline double chebyshev_w(double x, double degree) {
    if (no_degree(degree)) return 0.0;
    i64 n = (i64)degree;
    double most = 2.0 * (double)n + 1.0;
    if (fabs(x) == 1.0) return x > 0.0 ? most : alternate(n, 1.0);
    if (n > 8 && fabs(x) < 1.0) return x < 0.0 ? alternate(n, third_kind(-x, n)) : fourth_kind(x, n);
    return chebyshev_recurrence(x, x + x + 1.0, n);
}
__device__ inline double hermite(double x, double degree, double factor, int limit) {
    if (no_degree(degree)) return 0.0;
    i64 n = (i64)degree;
    if (n == 0) return 1.0;
    if (n > limit) return (double)nan_();
    double p = 1.0, q = factor * x;
    for (i64 k = 1; k < n; k++) {
        double r = factor * x * q - factor * (double)k * p;
        p = q;
        q = r;
    }
    return q;
}
__device__ inline double hermite_h(double x, double n) { return hermite(x, n, 2.0, 512); }
__device__ inline float hermite_h(float x, float n) { return (float)hermite((double)x, (double)n, 2.0, 128); }
__device__ inline double hermite_he(double x, double n) { return hermite(x, n, 1.0, 512); }
__device__ inline float hermite_he(float x, float n) { return (float)hermite((double)x, (double)n, 1.0, 128); }
__device__ inline double laguerre_l(double x, double degree) {
    if (no_degree(degree)) return 0.0;
    i64 n = (i64)degree;
    if (n == 0 || x == 0.0) return 1.0;
    double p = 1.0, q = 1.0 - x;
    for (i64 k = 1; k < n && q == q; k++) {
        double r = (((double)(k + k) + (1.0 - x)) * q - (double)k * p) / (double)(k + 1);
        p = q;
        q = r;
    }
    return q;
}
__device__ inline double legendre_p(double x, double degree) {
    if (no_degree(degree)) return 0.0;
    i64 n = (i64)degree;
    if (n == 0) return 1.0;
    if (fabs(x) == 1.0) return x > 0.0 ? 1.0 : alternate(n, 1.0);
    double p = 1.0, q = x;
    for (i64 k = 1; k < n && q == q; k++) {
        double r = ((double)(k + k + 1) * x * q - (double)k * p) / (double)(k + 1);
        p = q;
        q = r;
    }
    return q;
}

#define IN_DOUBLE(name) \
    __device__ inline float name(float a, float b) { return (float)name((double)a, (double)b); }
IN_DOUBLE(hurwitz_zeta)
IN_DOUBLE(gammainc_)
IN_DOUBLE(gammaincc_)
IN_DOUBLE(chebyshev_t)
IN_DOUBLE(chebyshev_u)
IN_DOUBLE(chebyshev_v)
IN_DOUBLE(chebyshev_w)
IN_DOUBLE(laguerre_l)
IN_DOUBLE(legendre_p)
