// Prefix scans of lines from operand 1 to operand 0. Floating point accumulates in double, integers in 64 bits.
__device__ inline Wide combine(Wide a, Wide b) { return COMBINE(a, b); }

// One thread per line, for many short lines.
extern "C" __global__ void lines(Index count, Index length, Offset out_stride, Offset in_stride, Dims<2> w, Pointers<2> p) {
    for (Index line = first(); line < count; line += step()) {
        Offset at[2];
        locate(w, line, at);
        Wide running = (Wide)IDENTITY;
        for (Index i = 0; i < length; i++) {
            Wide x = cast<Wide>(memory<Value>(p.at[1])[at[1] + (Offset)i * in_stride]);
            running = i == 0 ? x : combine(running, x);
            memory<Value>(p.at[0])[at[0] + (Offset)i * out_stride] = cast<Value>(running);
        }
    }
}

// One block per line: a Hillis-Steele scan of each tile, with a carry from tile to tile.
extern "C" __global__ void blocks(Index count, Index length, Offset out_stride, Offset in_stride, Dims<2> w, Pointers<2> p) {
    __shared__ Wide tile[2][256];
    for (Index line = blockIdx.x; line < count; line += gridDim.x) {
        Offset at[2];
        locate(w, line, at);
        Wide carry = (Wide)IDENTITY;
        for (Index start = 0; start < length; start += blockDim.x) {
            Index i = start + threadIdx.x;
            int current = 0;
            if (i < length) tile[0][threadIdx.x] = cast<Wide>(memory<Value>(p.at[1])[at[1] + (Offset)i * in_stride]);
            else tile[0][threadIdx.x] = (Wide)IDENTITY;
            for (unsigned distance = 1; distance < blockDim.x; distance *= 2) {
                __syncthreads();
                Wide x = tile[current][threadIdx.x];
                tile[1 - current][threadIdx.x] = threadIdx.x >= distance ? combine(tile[current][threadIdx.x - distance], x) : x;
                current = 1 - current;
            }
            __syncthreads();
            Wide result = tile[current][threadIdx.x];
            Wide last = tile[current][blockDim.x - 1];
            if (start > 0) {
                result = combine(carry, result);
                last = combine(carry, last);
            }
            carry = last;
            if (i < length) memory<Value>(p.at[0])[at[0] + (Offset)i * out_stride] = cast<Value>(result);
            __syncthreads();
        }
    }
}
