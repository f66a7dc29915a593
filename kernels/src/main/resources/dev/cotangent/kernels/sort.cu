// Stable sorting of lines: blocks sort runs of 1024 in shared memory, then runs are merged two by two, every element
// finding its place by counting, in the other run, what comes before it.
struct Place { u64 key; u32 from; u32 unused; };

// Unsigned integers in the order of the values: one zero, one NaN, which is largest.
__device__ inline u64 key_of(i64 x) { return (u64)x ^ 0x8000000000000000ULL; }
__device__ inline u64 key_of(double x) {
    if (x != x) return 0xffffffffffffffffULL;
    u64 bits = (u64)__double_as_longlong(x + 0.0);
    return bits >> 63 ? ~bits : bits | 0x8000000000000000ULL;
}
__device__ inline u64 key_of(float x) { return key_of((double)x); }
template <class T> __device__ inline u64 key_of(T x) { return key_of((i64)x); }

// How many of a sorted run come before a key; equal ones too where the run is the earlier one.
__device__ inline u32 before(const Place* run, u32 length, u64 key, bool equal) {
    u32 low = 0, high = length;
    while (low < high) {
        u32 middle = (low + high) / 2;
        if (run[middle].key < key || (equal && run[middle].key == key)) low = middle + 1;
        else high = middle;
    }
    return low;
}
__device__ inline void place(const Place* in, Place* out, u32 length, u32 width, u32 i) {
    u32 pair = i / (2 * width) * (2 * width), middle = pair + width, end = pair + 2 * width;
    if (middle > length) middle = length;
    if (end > length) end = length;
    bool left = i < middle;
    u32 others = left ? before(in + middle, end - middle, in[i].key, false) : before(in + pair, middle - pair, in[i].key, true);
    out[left ? i + others : i - (middle - pair) + others] = in[i];
}

extern "C" __global__ void runs(Index lines, u32 length, Offset along, u64 flip, Walk<3> w, Pointers<3> p, Place* places) {
    __shared__ Place tile[2][1024];
    u32 per = (length + 1023) / 1024;
    Index line = blockIdx.x / per;
    u32 start = (u32)(blockIdx.x % per) * 1024, count = length - start < 1024 ? length - start : 1024;
    Offset at[3];
    locate(w, line, at);
    for (u32 i = threadIdx.x; i < count; i += blockDim.x) {
        tile[0][i].key = key_of(widen(memory<const Value>(p.at[2])[at[2] + (Offset)(start + i) * along])) ^ flip;
        tile[0][i].from = start + i;
        tile[0][i].unused = 0;
    }
    int now = 0;
    for (u32 width = 1; width < count; width *= 2) {
        __syncthreads();
        for (u32 i = threadIdx.x; i < count; i += blockDim.x) place(tile[now], tile[1 - now], count, width, i);
        now = 1 - now;
    }
    __syncthreads();
    for (u32 i = threadIdx.x; i < count; i += blockDim.x) places[(u64)line * length + start + i] = tile[now][i];
}

extern "C" __global__ void merge(Index n, u32 length, u32 width, const Place* in, Place* out) {
    for (Index i = first(); i < n; i += step()) {
        Index line = i / length;
        place(in + (u64)line * length, out + (u64)line * length, length, width, (u32)(i - line * length));
    }
}

// Values (0) and indices (1) from in (2); each has a stride of its own along the line.
extern "C" __global__ void finish(Index n, u32 length, Offset values_step, Offset indices_step, Offset along, Walk<3> w,
        Pointers<3> p, const Place* places) {
    for (Index i = first(); i < n; i += step()) {
        Index line = i / length, within_line = i - line * length;
        Offset at[3];
        locate(w, line, at);
        u32 from = places[i].from;
        memory<Value>(p.at[0])[at[0] + (Offset)within_line * values_step] = memory<const Value>(p.at[2])[at[2] + (Offset)from * along];
        memory<i64>(p.at[1])[at[1] + (Offset)within_line * indices_step] = (i64)from;
    }
}
