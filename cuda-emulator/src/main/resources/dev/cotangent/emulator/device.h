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
inline double erfinv(double x) { return emu_thread->erfinv(x); }
inline float erfinvf(float x) { return (float)emu_thread->erfinv(x); }

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

// Threads are switched only at barriers, so ordinary accesses are atomic.
template <class T> inline T atomicAdd(T* p, T v) { T old = *p; *p = old + v; return old; }
template <class T> inline T atomicMax(T* p, T v) { T old = *p; if (v > old) *p = v; return old; }
template <class T> inline T atomicMin(T* p, T v) { T old = *p; if (v < old) *p = v; return old; }
template <class T> inline T atomicExch(T* p, T v) { T old = *p; *p = v; return old; }
template <class T> inline T atomicCAS(T* p, T expected, T v) { T old = *p; if (old == expected) *p = v; return old; }

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
    EMU_EXPORT void emu_attach(EmuThread* thread, char** shared_start, char** shared_end) { \
        emu_thread = thread; \
        *shared_start = emu_shared_start; \
        *shared_end = emu_shared_end; \
    }
