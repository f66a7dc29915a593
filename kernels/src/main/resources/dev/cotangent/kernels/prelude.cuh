// Prelude of every kernel: types, conversions, and the functions that the C expressions of scalar ops call.
// Includes no header; every operation is rounded separately (compile without fused multiply-add).
#pragma nv_diag_suppress 186

typedef signed char i8;
typedef unsigned char u8;
typedef short i16;
typedef int i32;
typedef unsigned int u32;
typedef long long i64;
typedef unsigned long long u64;
struct half_ { unsigned short bits; };
struct bfloat_ { unsigned short bits; };

__device__ inline float infinity() { return __int_as_float(0x7f800000); }
__device__ inline float nan_() { return __int_as_float(0x7fc00000); }

// float16 and bfloat16 round to nearest, ties to even: by the device's instructions, or by integers where it has none.
__device__ inline float widen(half_ h) {
#if defined(__CUDA_ARCH__)
    float x;
    asm("cvt.f32.f16 %0, %1;" : "=f"(x) : "h"(h.bits));
    return x;
#else
    u32 sign = (u32)(h.bits & 0x8000) << 16, magnitude = h.bits & 0x7fff;
    if (magnitude >= 0x7c00) return __int_as_float((int)(sign | 0x7f800000 | magnitude << 13));
    if (magnitude >= 0x400) return __int_as_float((int)(sign | ((magnitude << 13) + 0x38000000)));
    float small = (float)magnitude * 0x1p-24f;
    return sign ? -small : small;
#endif
}
__device__ inline float widen(bfloat_ b) { return __int_as_float((int)((u32)b.bits << 16)); }
template <class T> __device__ inline T widen(T x) { return x; }

__device__ inline half_ to_half(float x) {
    half_ h;
#if defined(__CUDA_ARCH__)
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(h.bits) : "f"(x));
#else
    u32 raw = (u32)__float_as_int(x), sign = raw >> 16 & 0x8000, magnitude = raw & 0x7fffffff;
    if (magnitude > 0x7f800000) h.bits = (unsigned short)(sign | 0x7e00);
    else if (magnitude >= 0x477ff000) h.bits = (unsigned short)(sign | 0x7c00);
    else if (magnitude >= 0x38800000)
        h.bits = (unsigned short)(sign | (magnitude - 0x38000000 + 0xfff + (magnitude >> 13 & 1)) >> 13);
    else
        // Adding 2^-1 (whose last bit is 2^-24) rounds to a multiple of the smallest half.
        h.bits = (unsigned short)(sign | ((u32)__float_as_int(__int_as_float((int)magnitude) + 0.5f) - 0x3f000000));
#endif
    return h;
}
__device__ inline bfloat_ to_bfloat(float x) {
    bfloat_ b;
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
    asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(b.bits) : "f"(x));
#else
    u32 raw = (u32)__float_as_int(x);
    b.bits = x != x ? (unsigned short)(raw >> 16 | 0x40) : (unsigned short)((raw + 0x7fff + (raw >> 16 & 1)) >> 16);
#endif
    return b;
}

// Values out of range, infinities and NaN convert to the smallest integer, as on x86.
__device__ inline i64 to_long(double x) { return x >= -0x1p63 && x < 0x1p63 ? (i64)x : -0x7fffffffffffffffLL - 1; }
__device__ inline i32 to_int(double x) { return x > -0x1.00000002p31 && x < 0x1p31 ? (i32)x : -0x7fffffff - 1; }

// Conversion between dtypes: truncates to integers, tests "not zero" for bool, rounds to half types.
template <class T> struct To {
    template <class X> static __device__ inline T of(X x) { return (T)x; }
    static __device__ inline T of(float x) { return (T)to_long(x); }
    static __device__ inline T of(double x) { return (T)to_long(x); }
};
template <> struct To<i32> {
    template <class X> static __device__ inline i32 of(X x) { return (i32)x; }
    static __device__ inline i32 of(float x) { return to_int(x); }
    static __device__ inline i32 of(double x) { return to_int(x); }
};
template <> struct To<float> {
    template <class X> static __device__ inline float of(X x) { return (float)x; }
};
template <> struct To<double> {
    template <class X> static __device__ inline double of(X x) { return (double)x; }
};
template <> struct To<bool> {
    template <class X> static __device__ inline bool of(X x) { return x != X(0); }
};
template <> struct To<half_> {
    template <class X> static __device__ inline half_ of(X x) { return to_half((float)x); }
};
template <> struct To<bfloat_> {
    template <class X> static __device__ inline bfloat_ of(X x) { return to_bfloat((float)x); }
};
template <class T, class X> __device__ inline T cast(X x) { return To<T>::of(widen(x)); }

// Integers wrap around, so they are computed unsigned.
template <class T> struct Wrap { typedef u32 type; };
template <> struct Wrap<i64> { typedef u64 type; };
template <> struct Wrap<float> { typedef float type; };
template <> struct Wrap<double> { typedef double type; };

template <class T> struct Bits { static const int count = 8 * sizeof(T); };

template <class T> __device__ inline T add_(T a, T b) { typedef typename Wrap<T>::type U; return (T)((U)a + (U)b); }
template <class T> __device__ inline T sub_(T a, T b) { typedef typename Wrap<T>::type U; return (T)((U)a - (U)b); }
template <class T> __device__ inline T mul_(T a, T b) { typedef typename Wrap<T>::type U; return (T)((U)a * (U)b); }
template <class T> __device__ inline T neg_(T a) { return sub_(T(0), a); }
__device__ inline float neg_(float a) { return -a; }
__device__ inline double neg_(double a) { return -a; }

// Integer division does not trap: x / 0 is all ones, and the smallest integer / -1 is itself.
template <class T> __device__ inline T div_(T a, T b) {
    if (b == T(0)) return (T)~T(0);
    if (b == (T)-1) return T(0) < (T)-1 ? (T)(a / b) : neg_(a);
    return (T)(a / b);
}
__device__ inline float div_(float a, float b) { return a / b; }
__device__ inline double div_(double a, double b) { return a / b; }
template <class T> __device__ inline T fmod_(T a, T b) {
    if (b == T(0) || (b == (T)-1 && !(T(0) < (T)-1))) return T(0);
    return (T)(a % b);
}
__device__ inline float fmod_(float a, float b) { return fmodf(a, b); }
__device__ inline double fmod_(double a, double b) { return fmod(a, b); }

template <class T> __device__ inline T remainder_(T a, T b) {
    T r = fmod_(a, b);
    return r != T(0) && (r < T(0)) != (b < T(0)) ? (T)(r + b) : r;
}
template <class T> __device__ inline T floor_div(T a, T b) {
    T q = div_(a, b), r = fmod_(a, b);
    return r != T(0) && (r < T(0)) != (b < T(0)) ? (T)(q - 1) : q;
}
// Computed from the exact remainder, as in Python.
__device__ inline float floor_div(float a, float b) {
    if (b == 0.0f) return a / b;
    float r = fmodf(a, b), q = (a - r) / b;
    if (r != 0.0f && (b < 0.0f) != (r < 0.0f)) q -= 1.0f;
    if (q == 0.0f) return copysignf(0.0f, a / b);
    float f = floorf(q);
    return q - f > 0.5f ? f + 1.0f : f;
}
__device__ inline double floor_div(double a, double b) {
    if (b == 0.0) return a / b;
    double r = fmod(a, b), q = (a - r) / b;
    if (r != 0.0 && (b < 0.0) != (r < 0.0)) q -= 1.0;
    if (q == 0.0) return copysign(0.0, a / b);
    double f = floor(q);
    return q - f > 0.5 ? f + 1.0 : f;
}

template <class T> __device__ inline T pow_(T a, T b) {
    if (b < T(0)) return a == T(1) ? T(1) : a == (T)-1 ? ((b & 1) == 0 ? T(1) : (T)-1) : T(0);
    T r = T(1);
    for (T base = a; b != T(0); b = (T)(b >> 1), base = mul_(base, base)) if ((b & 1) != 0) r = mul_(r, base);
    return r;
}
__device__ inline float pow_(float a, float b) { return b == 2.0f ? a * a : powf(a, b); }
__device__ inline double pow_(double a, double b) { return b == 2.0 ? a * a : pow(a, b); }

// Propagate NaN; "a != a" is false for every integer.
template <class T> __device__ inline T max_(T a, T b) { return a != a || a > b ? a : b; }
template <class T> __device__ inline T min_(T a, T b) { return a != a || a < b ? a : b; }
template <class T> __device__ inline T abs_(T a) { return a < T(0) ? neg_(a) : a; }
__device__ inline float abs_(float a) { return fabsf(a); }
__device__ inline double abs_(double a) { return fabs(a); }

template <class T> __device__ inline T not_(T a) { return (T)~a; }
__device__ inline bool not_(bool a) { return !a; }
template <class T> __device__ inline T shl_(T a, T b) {
    if (b < T(0) || (u64)b >= (u64)Bits<T>::count) return T(0);
    typedef typename Wrap<T>::type U;
    return (T)((U)a << (int)b);
}
template <class T> __device__ inline T shr_(T a, T b) {
    if (b < T(0) || (u64)b >= (u64)Bits<T>::count) return a < T(0) ? (T)-1 : T(0);
    return (T)(a >> (int)b);
}

// Non-negative unless the result overflows.
template <class T> __device__ inline T gcd_(T a, T b) {
    u64 x = a < T(0) ? 0 - (u64)(i64)a : (u64)a, y = b < T(0) ? 0 - (u64)(i64)b : (u64)b;
    while (y != 0) {
        u64 r = x % y;
        x = y;
        y = r;
    }
    return (T)x;
}

#define UNARY(name) \
    __device__ inline float f_##name(float a) { return name##f(a); } \
    __device__ inline double f_##name(double a) { return name(a); }
#define BINARY(name) \
    __device__ inline float f_##name(float a, float b) { return name##f(a, b); } \
    __device__ inline double f_##name(double a, double b) { return name(a, b); }
UNARY(floor)
UNARY(ceil)
UNARY(rint)
UNARY(trunc)
UNARY(sqrt)
UNARY(exp)
UNARY(expm1)
UNARY(log)
UNARY(log2)
UNARY(log10)
UNARY(log1p)
UNARY(sin)
UNARY(cos)
UNARY(tan)
UNARY(asin)
UNARY(acos)
UNARY(atan)
UNARY(sinh)
UNARY(cosh)
UNARY(tanh)
UNARY(asinh)
UNARY(acosh)
UNARY(atanh)
UNARY(erf)
UNARY(erfc)
UNARY(erfinv)
UNARY(lgamma)
BINARY(atan2)
BINARY(copysign)
BINARY(nextafter)
BINARY(hypot)

__device__ inline double bernoulli(int k) {
    const double b[9] = {1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510,
        43867.0 / 798};
    return b[k - 1];
}
// Asymptotic series (DLMF 5.11.2) from 12 on, reached by recurrence; reflection (DLMF 5.5.4) below 0.
__device__ inline double digamma_(double x) {
    if (x == 0.0) return copysign((double)infinity(), -x);
    double reflected = 0.0;
    if (x < 0.0) {
        if (x == rint(x)) return (double)nan_();
        double fraction = x - rint(x);
        reflected = 3.14159265358979323846 / tan(3.14159265358979323846 * fraction);
        x = 1.0 - x;
    }
    double result = -reflected;
    for (; x < 12.0; x += 1.0) result -= 1.0 / x;
    double r = 1.0 / (x * x), sum = 0.0;
    for (int k = 8; k >= 1; k--) sum = sum * r + bernoulli(k) / (2 * k);
    return result + log(x) - 0.5 / x - sum * r;
}
__device__ inline float digamma_(float x) { return (float)digamma_((double)x); }

// Sum of 1 / (q + n)^s over n = 0, 1, ... by the Euler-Maclaurin formula (DLMF 25.11.9 for large q).
__device__ inline double zeta_(double s, double q) {
    if (q > 1.7976931348623157e308) return s == 2.0 ? 0.0 : (double)nan_();
    double sum = 0.0;
    for (; q < 20.0; q += 1.0) sum += pow(q, -s);
    if (pow(q, -s) == 0.0) return sum;
    sum += pow(q, 1.0 - s) / (s - 1.0) + pow(q, -s) / 2.0;
    double factor = s * pow(q, -s - 1.0) / 2.0;
    for (int k = 1; k <= 9; k++) {
        sum += bernoulli(k) * factor;
        factor *= (s + 2 * k - 1) * (s + 2 * k) / ((2 * k + 1.0) * (2 * k + 2) * q * q);
    }
    return sum;
}
// Hurwitz zeta function (DLMF 5.15.1); not for arguments far below zero.
__device__ inline double trigamma_reflected(double sine, double x) {
    return 9.8696044010893586188 / (sine * sine) - zeta_(2.0, 1.0 - x);
}
__device__ inline double polygamma_(double n, double x) {
    // Reflection with pi * x rounded, so that non-positive integers return a large number, as in PyTorch.
    if (n == 1.0 && x < 0.5) return trigamma_reflected(sin(3.14159265358979323846 * x), x);
    double sign = fmod(n, 2.0) == 0.0 ? -1.0 : 1.0;
    if (x <= 0.0 && x == floor(x)) return sign * (double)infinity();
    if (x != x || x < -1e6) return (double)nan_();
    double factorial = 1.0;
    for (int k = 2; k <= n; k++) factorial *= k;
    return sign * factorial * zeta_(n + 1.0, x);
}
__device__ inline float polygamma_(float n, float x) {
    if (n == 1.0f && x < 0.5f) return (float)trigamma_reflected((double)sinf(3.14159265358979323846f * x), x);
    return (float)polygamma_((double)n, (double)x);
}

// Sizes and strides of N operands over the same dimensions, outermost first. Strides may be negative, so offsets are
// signed.
//
// For indices of 32 bits a division by size[d] is a multiplication by magic[d] and a shift (Hacker's Delight, 10-9: exact
// for dividends below 2^31).
template <int N> struct Dims {
    Index size[12];
    Offset stride[N][12];
    u32 magic[12];
    u32 shift[12];
    int rank;
    int unused;
};
__device__ inline u32 divide(u32 i, u32, u32 magic, u32 shift) { return (__umulhi(i, magic) + i) >> shift; }
__device__ inline u64 divide(u64 i, u64 size, u32, u32) { return i / size; }
template <int N> struct Pointers { char* at[N]; };
template <int N> struct Values { u64 bits[N]; };
// Elements that are loaded or stored at once, in accesses of at most 16 bytes.
template <class T, int N> struct __align__(N * sizeof(T) < 16 ? N * sizeof(T) : 16) Vector { T v[N]; };

template <int N> __device__ inline void locate(const Dims<N>& w, Index i, Offset* at) {
    for (int k = 0; k < N; k++) at[k] = 0;
    for (int d = w.rank - 1; d > 0; d--) {
        Index q = divide(i, w.size[d], w.magic[d], w.shift[d]), r = i - q * w.size[d];
        for (int k = 0; k < N; k++) at[k] += (Offset)r * w.stride[k][d];
        i = q;
    }
    for (int k = 0; k < N; k++) at[k] += (Offset)i * w.stride[k][0];
}
__device__ inline Index first() { return (Index)blockIdx.x * blockDim.x + threadIdx.x; }
__device__ inline Index step() { return (Index)gridDim.x * blockDim.x; }
template <class T> __device__ inline T* memory(char* at) { return (T*)at; }

// Loads from `from` to `to`, several before the first is used, and uses them in their order.
template <class V, class Load, class Use> __device__ inline void each(Index from, Index to, Index step, Load load, Use use) {
    const int in_flight = 4;
    for (Index i = from; i < to; i += in_flight * step) {
        V x[in_flight];
#pragma unroll
        for (int k = 0; k < in_flight; k++) if (i + k * step < to) x[k] = load(i + k * step);
#pragma unroll
        for (int k = 0; k < in_flight; k++) if (i + k * step < to) use(i + k * step, x[k]);
    }
}

// Error report of a kernel, which the host reads when it next synchronizes: the first index out of range.
struct Failure {
    int raised;
    int dim;
    i64 index;
    i64 size;
};
__device__ inline bool within(i64 index, i64 size, int dim, Failure* failure) {
    if (index >= 0 && index < size) return true;
    if (atomicCAS(&failure->raised, 0, 1) == 0) {
        failure->dim = dim;
        failure->index = index;
        failure->size = size;
    }
    return false;
}
