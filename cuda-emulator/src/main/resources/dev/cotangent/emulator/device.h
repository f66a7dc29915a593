// CUDA's device language for the host's compiler, prepended to the source for NVRTC. Includes no header of the host, so
// that kernels cannot use anything that NVRTC lacks.
#include "emulated.h"

extern EmuThread* emu_thread;

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __constant__
#define __restrict__ __restrict
#define __align__(n) __attribute__((aligned(n)))
// Blocks run sequentially, so all share one copy, which is filled with a sentinel before each.
#define __shared__ static __attribute__((section("emu_shared")))
#define threadIdx (emu_thread->thread)
#define blockIdx (emu_thread->block)
#define blockDim (emu_thread->block_size)
#define gridDim (emu_thread->grid_size)
#define warpSize 32

extern "C" {
#define EMU_UNARY(name) double name(double); float name##f(float);
EMU_UNARY(floor) EMU_UNARY(ceil) EMU_UNARY(rint) EMU_UNARY(trunc) EMU_UNARY(sqrt) EMU_UNARY(exp) EMU_UNARY(expm1)
EMU_UNARY(log) EMU_UNARY(log2) EMU_UNARY(log10) EMU_UNARY(log1p) EMU_UNARY(sin) EMU_UNARY(cos) EMU_UNARY(tan)
EMU_UNARY(asin) EMU_UNARY(acos) EMU_UNARY(atan) EMU_UNARY(sinh) EMU_UNARY(cosh) EMU_UNARY(tanh) EMU_UNARY(asinh)
EMU_UNARY(acosh) EMU_UNARY(atanh) EMU_UNARY(erf) EMU_UNARY(erfc) EMU_UNARY(lgamma) EMU_UNARY(fabs)
#define EMU_BINARY(name) double name(double, double); float name##f(float, float);
EMU_BINARY(atan2) EMU_BINARY(copysign) EMU_BINARY(nextafter) EMU_BINARY(hypot) EMU_BINARY(fmod) EMU_BINARY(pow)
EMU_BINARY(fmin) EMU_BINARY(fmax)
}
inline double erfinv(double x) { return emu_thread->perturb(emu_thread->erfinv(x), 5, 0); }
inline float erfinvf(float x) { return (float)emu_thread->perturb((double)(float)emu_thread->erfinv(x), 2, 1); }

// The host's functions, moved by up to the maximal error of CUDA's in units in the last place (CUDA C++ Programming Guide,
// "Mathematical Functions"; lgammaf outside of -10 ... -2): float first, then double.
#define EMU_UNARY_WITHIN(name, single, twice) \
    inline float emu_##name(float x) { return (float)emu_thread->perturb((double)name##f(x), single, 1); } \
    inline double emu_##name(double x) { return emu_thread->perturb(name(x), twice, 0); }
#define EMU_BINARY_WITHIN(name, single, twice) \
    inline float emu_##name(float x, float y) { return (float)emu_thread->perturb((double)name##f(x, y), single, 1); } \
    inline double emu_##name(double x, double y) { return emu_thread->perturb(name(x, y), twice, 0); }
EMU_UNARY_WITHIN(exp, 1, 1)
EMU_UNARY_WITHIN(expm1, 1, 1)
EMU_UNARY_WITHIN(log, 1, 1)
EMU_UNARY_WITHIN(log2, 1, 1)
EMU_UNARY_WITHIN(log10, 2, 1)
EMU_UNARY_WITHIN(log1p, 1, 1)
EMU_UNARY_WITHIN(sin, 2, 2)
EMU_UNARY_WITHIN(cos, 2, 2)
EMU_UNARY_WITHIN(tan, 4, 2)
EMU_UNARY_WITHIN(asin, 2, 2)
EMU_UNARY_WITHIN(acos, 2, 2)
EMU_UNARY_WITHIN(atan, 2, 2)
EMU_UNARY_WITHIN(sinh, 3, 2)
EMU_UNARY_WITHIN(cosh, 2, 1)
EMU_UNARY_WITHIN(tanh, 2, 1)
EMU_UNARY_WITHIN(asinh, 3, 3)
EMU_UNARY_WITHIN(acosh, 4, 3)
EMU_UNARY_WITHIN(atanh, 3, 2)
EMU_UNARY_WITHIN(erf, 2, 2)
EMU_UNARY_WITHIN(erfc, 4, 5)
EMU_UNARY_WITHIN(lgamma, 6, 4)
EMU_BINARY_WITHIN(atan2, 3, 2)
EMU_BINARY_WITHIN(hypot, 3, 2)
EMU_BINARY_WITHIN(pow, 4, 2)
#define exp(...) emu_exp(__VA_ARGS__)
#define expf(x) emu_exp((float)(x))
#define expm1(...) emu_expm1(__VA_ARGS__)
#define expm1f(x) emu_expm1((float)(x))
#define log(...) emu_log(__VA_ARGS__)
#define logf(x) emu_log((float)(x))
#define log2(...) emu_log2(__VA_ARGS__)
#define log2f(x) emu_log2((float)(x))
#define log10(...) emu_log10(__VA_ARGS__)
#define log10f(x) emu_log10((float)(x))
#define log1p(...) emu_log1p(__VA_ARGS__)
#define log1pf(x) emu_log1p((float)(x))
#define sin(...) emu_sin(__VA_ARGS__)
#define sinf(x) emu_sin((float)(x))
#define cos(...) emu_cos(__VA_ARGS__)
#define cosf(x) emu_cos((float)(x))
#define tan(...) emu_tan(__VA_ARGS__)
#define tanf(x) emu_tan((float)(x))
#define asin(...) emu_asin(__VA_ARGS__)
#define asinf(x) emu_asin((float)(x))
#define acos(...) emu_acos(__VA_ARGS__)
#define acosf(x) emu_acos((float)(x))
#define atan(...) emu_atan(__VA_ARGS__)
#define atanf(x) emu_atan((float)(x))
#define sinh(...) emu_sinh(__VA_ARGS__)
#define sinhf(x) emu_sinh((float)(x))
#define cosh(...) emu_cosh(__VA_ARGS__)
#define coshf(x) emu_cosh((float)(x))
#define tanh(...) emu_tanh(__VA_ARGS__)
#define tanhf(x) emu_tanh((float)(x))
#define asinh(...) emu_asinh(__VA_ARGS__)
#define asinhf(x) emu_asinh((float)(x))
#define acosh(...) emu_acosh(__VA_ARGS__)
#define acoshf(x) emu_acosh((float)(x))
#define atanh(...) emu_atanh(__VA_ARGS__)
#define atanhf(x) emu_atanh((float)(x))
#define erf(...) emu_erf(__VA_ARGS__)
#define erff(x) emu_erf((float)(x))
#define erfc(...) emu_erfc(__VA_ARGS__)
#define erfcf(x) emu_erfc((float)(x))
#define lgamma(...) emu_lgamma(__VA_ARGS__)
#define lgammaf(x) emu_lgamma((float)(x))
#define atan2(x, y) emu_atan2(x, y)
#define atan2f(x, y) emu_atan2((float)(x), (float)(y))
#define hypot(x, y) emu_hypot(x, y)
#define hypotf(x, y) emu_hypot((float)(x), (float)(y))
#define pow(x, y) emu_pow(x, y)
#define powf(x, y) emu_pow((float)(x), (float)(y))

template <class To, class From> inline To emu_bits(From from) {
    static_assert(sizeof(To) == sizeof(From), "as many bits");
    To to;
    __builtin_memcpy(&to, &from, sizeof to);
    return to;
}
inline float __int_as_float(int x) { return emu_bits<float>(x); }
inline int __float_as_int(float x) { return emu_bits<int>(x); }
inline float __uint_as_float(unsigned x) { return emu_bits<float>(x); }
inline unsigned __float_as_uint(float x) { return emu_bits<unsigned>(x); }
inline double __longlong_as_double(long long x) { return emu_bits<double>(x); }
inline long long __double_as_longlong(double x) { return emu_bits<long long>(x); }
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __clz(int x) { return x ? __builtin_clz((unsigned)x) : 32; }
inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)((unsigned long long)a * b >> 32); }

inline void __syncthreads() { emu_thread->barrier(); }
inline int __syncthreads_or(int p) { return emu_thread->vote(p != 0) != 0; }
inline int __syncthreads_count(int p) { return (int)emu_thread->vote(p != 0); }
inline void __threadfence() {}

// Warp shuffles, in which all threads of the warp participate.
template <class T> inline T emu_shuffle(T x, int from, bool inside) {
    unsigned long long bits = 0;
    __builtin_memcpy(&bits, &x, sizeof x);
    bits = emu_thread->shuffle(bits, from & 31);
    T other;
    __builtin_memcpy(&other, &bits, sizeof other);
    return inside ? other : x;
}
inline int emu_lane() { return (int)emu_thread->lane; }
template <class T> inline T __shfl_sync(unsigned, T x, int from) { return emu_shuffle(x, from, true); }
template <class T> inline T __shfl_down_sync(unsigned, T x, int d) { int l = emu_lane(); return emu_shuffle(x, l + d, l + d < 32); }
template <class T> inline T __shfl_up_sync(unsigned, T x, int d) { int l = emu_lane(); return emu_shuffle(x, l - d, l >= d); }
template <class T> inline T __shfl_xor_sync(unsigned, T x, int m) { return emu_shuffle(x, emu_lane() ^ m, true); }

#if defined(EMU_INSTRUMENTED)
// What g++'s -fsanitize=thread calls for every access.
#define EMU_RAW __attribute__((no_sanitize("thread")))
#define EMU_HOOK(n) \
    EMU_RAW void __tsan_read##n(void* p) { emu_thread->access(p, n, EMU_READ); } \
    EMU_RAW void __tsan_write##n(void* p) { emu_thread->access(p, n, EMU_WRITE); } \
    EMU_RAW void __tsan_unaligned_read##n(void* p) { emu_thread->access(p, n, EMU_READ | EMU_RANGE); } \
    EMU_RAW void __tsan_unaligned_write##n(void* p) { emu_thread->access(p, n, EMU_WRITE | EMU_RANGE); }
extern "C" {
EMU_HOOK(1) EMU_HOOK(2) EMU_HOOK(4) EMU_HOOK(8) EMU_HOOK(16)
EMU_RAW void __tsan_read_range(void* p, unsigned long n) { emu_thread->access(p, (unsigned)n, EMU_READ | EMU_RANGE); }
EMU_RAW void __tsan_write_range(void* p, unsigned long n) { emu_thread->access(p, (unsigned)n, EMU_WRITE | EMU_RANGE); }
EMU_RAW void __tsan_func_entry(void*) {}
EMU_RAW void __tsan_func_exit() {}
EMU_RAW void __tsan_init() {}
}
template <class T> EMU_RAW inline void emu_atomic(T* p) { emu_thread->access(p, sizeof(T), EMU_ATOMIC); }
#else
#define EMU_RAW
template <class T> inline void emu_atomic(T*) {}
#endif

// Threads are switched only at barriers, so ordinary accesses are atomic.
template <class T> EMU_RAW inline T atomicAdd(T* p, T v) { emu_atomic(p); T old = *p; *p = old + v; return old; }
template <class T> EMU_RAW inline T atomicMax(T* p, T v) { emu_atomic(p); T old = *p; if (v > old) *p = v; return old; }
template <class T> EMU_RAW inline T atomicMin(T* p, T v) { emu_atomic(p); T old = *p; if (v < old) *p = v; return old; }
template <class T> EMU_RAW inline T atomicExch(T* p, T v) { emu_atomic(p); T old = *p; *p = v; return old; }
template <class T> EMU_RAW inline T atomicCAS(T* p, T expected, T v) { emu_atomic(p); T old = *p; if (old == expected) *p = v; return old; }

template <int... I> struct EmuIndices {};
template <int N, int... I> struct EmuUpTo : EmuUpTo<N - 1, N - 1, I...> {};
template <int... I> struct EmuUpTo<0, I...> { typedef EmuIndices<I...> type; };
template <class T> struct EmuRemoveConst { typedef T type; };
template <class T> struct EmuRemoveConst<const T> { typedef T type; };
template <class... A, int... I> inline void emu_apply(void (*kernel)(A...), void** p, EmuIndices<I...>) {
    kernel(*(typename EmuRemoveConst<A>::type*)p[I]...);
}
template <class F> struct EmuCall;
template <class... A> struct EmuCall<void (*)(A...)> {
    static const unsigned* sizes() {
        static const unsigned all[] = {sizeof(A)..., 0};
        return all;
    }
    static void run(void (*kernel)(A...), void** p) { emu_apply(kernel, p, typename EmuUpTo<sizeof...(A)>::type()); }
};
extern char emu_shared_start[] __asm__("__start_emu_shared") __attribute__((weak, visibility("hidden")));
extern char emu_shared_end[] __asm__("__stop_emu_shared") __attribute__((weak, visibility("hidden")));
#define EMU_EXPORT extern "C" __attribute__((visibility("default")))
#define EMU_KERNEL(kernel, with_barriers) \
    static void emu_run_##kernel(void** p) { EmuCall<decltype(&kernel)>::run(&kernel, p); } \
    EMU_EXPORT EmuKernel emu_kernel_##kernel() { \
        EmuKernel k = {#kernel, emu_run_##kernel, EmuCall<decltype(&kernel)>::sizes(), with_barriers}; \
        return k; \
    }
#define EMU_MODULE \
    EmuThread* emu_thread; \
    EMU_EXPORT EMU_RAW void emu_attach(EmuThread* thread, char** shared_start, char** shared_end) { \
        emu_thread = thread; \
        *shared_start = emu_shared_start; \
        *shared_end = emu_shared_end; \
    }
