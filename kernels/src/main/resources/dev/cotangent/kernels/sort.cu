// Stable merge sort of lines: blocks sort runs of 1024 in shared memory, then runs are merged in pairs; every element
// computes its position by binary search in the other run.
struct Entry { u64 key; u32 from; u32 unused; };

// Maps values to unsigned integers of the same order; -0 equals 0, and NaN is largest.
__device__ inline u64 key_of(i64 x) { return (u64)x ^ 0x8000000000000000ULL; }
__device__ inline u64 key_of(double x) {
    if (x != x) return 0xffffffffffffffffULL;
    u64 bits = (u64)__double_as_longlong(x + 0.0);
    return bits >> 63 ? ~bits : bits | 0x8000000000000000ULL;
}
__device__ inline u64 key_of(float x) { return key_of((double)x); }
template <class T> __device__ inline u64 key_of(T x) { return key_of((i64)x); }

// Counts the entries of a sorted run before a key, with `equal` also equal ones.
__device__ inline u32 before(const Entry* run, u32 length, u64 key, bool equal) {
    u32 low = 0, high = length;
    while (low < high) {
        u32 middle = (low + high) / 2;
        if (run[middle].key < key || (equal && run[middle].key == key)) low = middle + 1;
        else high = middle;
    }
    return low;
}
__device__ inline void merge_entry(const Entry* in, Entry* out, u32 length, u32 width, u32 i) {
    u32 pair = i / (2 * width) * (2 * width), middle = pair + width, end = pair + 2 * width;
    if (middle > length) middle = length;
    if (end > length) end = length;
    bool left = i < middle;
    u32 others = left ? before(in + middle, end - middle, in[i].key, false) : before(in + pair, middle - pair, in[i].key, true);
    out[left ? i + others : i - (middle - pair) + others] = in[i];
}

extern "C" __global__ void runs(Index lines, u32 length, Offset in_stride, u64 flip, Dims<3> w, Pointers<3> p, Entry* entries) {
    __shared__ Entry tile[2][1024];
    u32 per = (length + 1023) / 1024;
    Index line = blockIdx.x / per;
    u32 start = (u32)(blockIdx.x % per) * 1024, count = length - start < 1024 ? length - start : 1024;
    Offset at[3];
    locate(w, line, at);
    for (u32 i = threadIdx.x; i < count; i += blockDim.x) {
        tile[0][i].key = key_of(widen(memory<const Value>(p.at[2])[at[2] + (Offset)(start + i) * in_stride])) ^ flip;
        tile[0][i].from = start + i;
        tile[0][i].unused = 0;
    }
    int current = 0;
    for (u32 width = 1; width < count; width *= 2) {
        __syncthreads();
        for (u32 i = threadIdx.x; i < count; i += blockDim.x) merge_entry(tile[current], tile[1 - current], count, width, i);
        current = 1 - current;
    }
    __syncthreads();
    for (u32 i = threadIdx.x; i < count; i += blockDim.x) entries[(u64)line * length + start + i] = tile[current][i];
}

extern "C" __global__ void merge(Index n, u32 length, u32 width, const Entry* in, Entry* out) {
    for (Index i = first(); i < n; i += step()) {
        Index line = i / length;
        merge_entry(in + (u64)line * length, out + (u64)line * length, length, width, (u32)(i - line * length));
    }
}

// Writes values (0) and indices (1) from in (2).
extern "C" __global__ void finish(Index n, u32 length, Offset values_stride, Offset indices_stride, Offset in_stride, Dims<3> w,
        Pointers<3> p, const Entry* entries) {
    for (Index i = first(); i < n; i += step()) {
        Index line = i / length, within_line = i - line * length;
        Offset at[3];
        locate(w, line, at);
        u32 from = entries[i].from;
        memory<Value>(p.at[0])[at[0] + (Offset)within_line * values_stride] = memory<const Value>(p.at[2])[at[2] + (Offset)from * in_stride];
        memory<i64>(p.at[1])[at[1] + (Offset)within_line * indices_stride] = (i64)from;
    }
}
