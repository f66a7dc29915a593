// Emulated libcublas.so.12: the matrix products that the engine uses, as naive loops.
#include <cstdint>
#include <cstring>
#include <dlfcn.h>

#define API extern "C" __attribute__((visibility("default")))

namespace {
enum : int { OK = 0, NOT_INITIALIZED = 1, INVALID_VALUE = 7, EXECUTION_FAILED = 13, NOT_SUPPORTED = 15 };
enum : int { R_32F = 0, R_64F = 1, R_16F = 2, R_16BF = 14 };
enum : int { COMPUTE_32F = 68, COMPUTE_64F = 70, COMPUTE_32F_FAST_TF32 = 77 };
struct Handle { void* stream; };

float bits(uint32_t b) { float f; std::memcpy(&f, &b, 4); return f; }
uint32_t bits(float f) { uint32_t b; std::memcpy(&b, &f, 4); return b; }

double load(const void* p, int type, int64_t i) {
    switch (type) {
        case R_32F: return ((const float*)p)[i];
        case R_64F: return ((const double*)p)[i];
        case R_16BF: return bits((uint32_t)((const uint16_t*)p)[i] << 16);
        default: {
            uint16_t h = ((const uint16_t*)p)[i];
            uint32_t sign = (uint32_t)(h & 0x8000) << 16, m = h & 0x7fff;
            if (m >= 0x7c00) return bits(sign | 0x7f800000 | m << 13);
            if (m >= 0x400) return bits(sign | ((m << 13) + 0x38000000));
            return (sign ? -1.0 : 1.0) * m * 0x1p-24;
        }
    }
}
uint16_t half(float x) {
    uint32_t raw = bits(x), sign = raw >> 16 & 0x8000, m = raw & 0x7fffffff;
    if (m > 0x7f800000) return (uint16_t)(sign | 0x7e00);
    if (m >= 0x477ff000) return (uint16_t)(sign | 0x7c00);
    if (m >= 0x38800000) return (uint16_t)(sign | (m - 0x38000000 + 0xfff + (m >> 13 & 1)) >> 13);
    return (uint16_t)(sign | (bits(bits(m) + 0.5f) - 0x3f000000));
}
void store(void* p, int type, int64_t i, double value) {
    float f = (float)value;
    switch (type) {
        case R_32F: ((float*)p)[i] = f; break;
        case R_64F: ((double*)p)[i] = value; break;
        case R_16BF:
            ((uint16_t*)p)[i] = f != f ? 0x7fc0 : (uint16_t)((bits(f) + 0x7fff + (bits(f) >> 16 & 1)) >> 16);
            break;
        default: ((uint16_t*)p)[i] = half(f);
    }
}

void* driver_symbol(const char* name) {
    void* driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_NOLOAD);
    return driver ? dlsym(driver, name) : nullptr;
}
bool inside(const void* p, int type, int64_t elements) {
    static auto check = (int (*)(uint64_t, size_t))driver_symbol("emu_inside");
    return check && check((uint64_t)p, (size_t)elements * (type == R_64F ? 8 : type == R_32F ? 4 : 2)) != 0;
}

// Returns the error that a call shall fail with, or 0.
int failure_of(const char* call) {
    static auto ask = (int (*)(const char*))driver_symbol("emu_failure");
    return ask ? ask(call) : OK;
}

// Rounds to TF32: 10 bits of fraction, to nearest even.
float tf32(float x) {
    uint32_t b = bits(x);
    return x - x != 0 ? x : bits((b + 0xfff + (b >> 13 & 1)) & ~0x1fffu);
}

struct Product {
    int op_a, op_b, m, n, k;
    double alpha, beta;
    const void *a, *b;
    void* c;
    int type, lda, ldb, ldc, batches;
    int64_t stride_a, stride_b, stride_c;
    bool rounded;
};

int multiply(void* data) {
    const Product& p = *(const Product*)data;
    bool in_double = p.type == R_64F;
    for (int batch = 0; batch < p.batches; batch++) {
        for (int column = 0; column < p.n; column++) {
            for (int row = 0; row < p.m; row++) {
                double sum = 0;
                float single = 0;
                for (int i = 0; i < p.k; i++) {
                    int64_t at_a = batch * p.stride_a + (p.op_a ? (int64_t)row * p.lda + i : (int64_t)i * p.lda + row);
                    int64_t at_b = batch * p.stride_b + (p.op_b ? (int64_t)i * p.ldb + column : (int64_t)column * p.ldb + i);
                    double x = load(p.a, p.type, at_a), y = load(p.b, p.type, at_b);
                    if (in_double) sum += x * y;
                    else if (p.rounded) single += tf32((float)x) * tf32((float)y);
                    else single += (float)x * (float)y;
                }
                int64_t at = batch * p.stride_c + (int64_t)column * p.ldc + row;
                double result = in_double ? p.alpha * sum : (float)p.alpha * single;
                if (p.beta != 0) result += p.beta * load(p.c, p.type, at);
                store(p.c, p.type, at, result);
            }
        }
    }
    return OK;
}
}

API int cublasCreate_v2(Handle** handle) {
    if (int error = failure_of("cublasCreate")) return error;
    *handle = new Handle{nullptr};
    return OK;
}
API int cublasDestroy_v2(Handle* handle) {
    delete handle;
    return OK;
}
API int cublasSetStream_v2(Handle* handle, void* stream) {
    if (!handle) return NOT_INITIALIZED;
    handle->stream = stream;
    return OK;
}
API int cublasSetWorkspace_v2(Handle* handle, void* workspace, size_t size) {
    if (!handle) return NOT_INITIALIZED;
    return (uint64_t)workspace % 256 == 0 && inside(workspace, R_32F, (int64_t)size / 4) ? OK : INVALID_VALUE;
}
API int cublasGetVersion_v2(Handle*, int* version) {
    *version = 120600;
    return OK;
}
API int cublasGetProperty(int type, int* value) {
    *value = type == 0 ? 12 : type == 1 ? 6 : 0;
    return OK;
}

// Column-major, as in BLAS; op is 0 for none and 1 for transposed.
API int cublasGemmStridedBatchedEx(Handle* handle, int op_a, int op_b, int m, int n, int k, const void* alpha, const void* a,
        int type_a, int lda, long long stride_a, const void* b, int type_b, int ldb, long long stride_b, const void* beta,
        void* c, int type_c, int ldc, long long stride_c, int batches, int compute, int) {
    if (!handle) return NOT_INITIALIZED;
    if (int error = failure_of("cublasGemmStridedBatchedEx")) return error;
    if (m < 0 || n < 0 || k < 0 || batches < 0) return INVALID_VALUE;
    if (lda < (op_a ? k : m) || ldb < (op_b ? n : k) || ldc < m || lda < 1 || ldb < 1 || ldc < 1) return INVALID_VALUE;
    bool in_double = compute == COMPUTE_64F;
    if (!in_double && compute != COMPUTE_32F && compute != COMPUTE_32F_FAST_TF32) return NOT_SUPPORTED;
    if (type_a != type_b || type_a != type_c || in_double != (type_a == R_64F)) return NOT_SUPPORTED;
    if (compute == COMPUTE_32F_FAST_TF32 && type_a != R_32F) return NOT_SUPPORTED;
    if (m == 0 || n == 0 || batches == 0) return OK;
    int64_t last = batches - 1;
    if (k > 0 && (!inside(a, type_a, last * stride_a + (int64_t)((op_a ? m : k) - 1) * lda + (op_a ? k : m))
            || !inside(b, type_b, last * stride_b + (int64_t)((op_b ? k : n) - 1) * ldb + (op_b ? n : k)))) {
        return EXECUTION_FAILED;
    }
    if (!inside(c, type_c, last * stride_c + (int64_t)(n - 1) * ldc + m)) return EXECUTION_FAILED;
    Product* product = new Product{op_a, op_b, m, n, k,
        in_double ? *(const double*)alpha : *(const float*)alpha, in_double ? *(const double*)beta : *(const float*)beta,
        a, b, c, type_a, lda, ldb, ldc, batches, stride_a, stride_b, stride_c, compute == COMPUTE_32F_FAST_TF32};
    static auto submit = (int (*)(void*, int (*)(void*), void*, void (*)(void*)))driver_symbol("emu_submit");
    if (!submit) {
        delete product;
        return EXECUTION_FAILED;
    }
    return submit(handle->stream, multiply, product, [](void* p) { delete (Product*)p; }) == 0 ? OK : EXECUTION_FAILED;
}
