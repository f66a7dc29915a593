// Philox4x32-10 as the engine defines it, with a logarithm and sine of basic arithmetic, so that all devices draw the
// same bits.
__device__ inline u64 philox(u64 seed, u64 position, u64 i) {
    u64 block = position + (i >> 1);
    u32 c0 = (u32)block, c1 = (u32)(block >> 32), c2 = 0, c3 = 0, k0 = (u32)seed, k1 = (u32)(seed >> 32);
    for (int round = 0; round < 10; round++) {
        u64 p0 = (u64)0xD2511F53u * c0, p1 = (u64)0xCD9E8D57u * c2;
        u32 n0 = (u32)(p1 >> 32) ^ c1 ^ k0, n2 = (u32)(p0 >> 32) ^ c3 ^ k1;
        c1 = (u32)p1;
        c3 = (u32)p0;
        c0 = n0;
        c2 = n2;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return (i & 1) == 0 ? c0 | (u64)c1 << 32 : c2 | (u64)c3 << 32;
}
__device__ inline double portable_log(double x) {
    i64 raw = __double_as_longlong(x);
    int exponent = (int)((u64)raw >> 52) - 1023;
    double m = __longlong_as_double((raw & 0x000FFFFFFFFFFFFFLL) | 0x3FF0000000000000LL);
    if (m > 1.4142135623730951) {
        m *= 0.5;
        exponent++;
    }
    double s = (m - 1) / (m + 1), z = s * s, sum = 1.0 / 21;
    for (int k = 19; k >= 1; k -= 2) sum = sum * z + 1.0 / k;
    return exponent * 0.6931471805599453 + 2 * s * sum;
}
__device__ inline double portable_sin(double fraction) {
    double quarter = fraction * 4;
    int q = (int)(quarter + 0.5);
    double x = (quarter - q) * 1.5707963267948966, z = x * x, value, sum = 1;
    if ((q & 1) == 0) {
        for (int k = 18; k >= 2; k -= 2) sum = 1 - z / (k * (k + 1)) * sum;
        value = x * sum;
    } else {
        for (int k = 17; k >= 1; k -= 2) sum = 1 - z / (k * (k + 1)) * sum;
        value = sum;
    }
    return (q & 2) == 0 ? value : -value;
}
template <class T> __device__ inline T uniform(u64 bits) { return cast<T>((float)(bits >> 40) * 0x1p-24f); }
// Draws only as many bits as the type holds, so that none rounds to 1.
template <> __device__ inline half_ uniform<half_>(u64 bits) { return cast<half_>((float)(bits >> 53) * 0x1p-11f); }
template <> __device__ inline bfloat_ uniform<bfloat_>(u64 bits) { return cast<bfloat_>((float)(bits >> 56) * 0x1p-8f); }
template <> __device__ inline double uniform<double>(u64 bits) { return (double)(bits >> 11) * 0x1p-53; }
template <class T> __device__ inline T normal(u64 bits) {
    double u = ((double)(bits >> 32) + 0.5) * 0x1p-32, fraction = (double)(bits & 0xFFFFFFFFULL) * 0x1p-32;
    return cast<T>(sqrt(-2 * portable_log(u)) * portable_sin(fraction));
}
template <class T> __device__ inline T bits(u64 bits) { return (T)bits; }

// In a captured graph, seed and offset are read from memory; position is relative to that offset.
extern "C" __global__ void draw(Index n, Dims<1> w, Pointers<1> p, u64 seed, u64 position, const u64* state) {
    if (state) {
        seed = state[0];
        position += state[1];
    }
    for (Index i = first(); i < n; i += step()) {
        Offset at[1];
        locate(w, i, at);
        memory<Value>(p.at[0])[at[0]] = DRAW<Value>(philox(seed, position, (u64)i));
    }
}
