// Running results along lines; operand 0 is written, operand 1 read. Floating point runs in double, integers in 64 bits.
__device__ inline Wide join(Wide a, Wide b) { return JOIN(a, b); }

// A thread for each line: many short ones.
extern "C" __global__ void lines(Index count, Index length, Offset out_step, Offset in_step, Walk<2> w, Pointers<2> p) {
    for (Index line = first(); line < count; line += step()) {
        Offset at[2];
        locate(w, line, at);
        Wide running = (Wide)IDENTITY;
        for (Index i = 0; i < length; i++) {
            Wide x = cast<Wide>(memory<Value>(p.at[1])[at[1] + (Offset)i * in_step]);
            running = i == 0 ? x : join(running, x);
            memory<Value>(p.at[0])[at[0] + (Offset)i * out_step] = cast<Value>(running);
        }
    }
}

// A block for each line: tile after tile, each by doubling steps, what came before carried along.
extern "C" __global__ void blocks(Index count, Index length, Offset out_step, Offset in_step, Walk<2> w, Pointers<2> p) {
    __shared__ Wide tile[2][256];
    for (Index line = blockIdx.x; line < count; line += gridDim.x) {
        Offset at[2];
        locate(w, line, at);
        Wide carried = (Wide)IDENTITY;
        for (Index start = 0; start < length; start += blockDim.x) {
            Index i = start + threadIdx.x;
            int now = 0;
            if (i < length) tile[0][threadIdx.x] = cast<Wide>(memory<Value>(p.at[1])[at[1] + (Offset)i * in_step]);
            else tile[0][threadIdx.x] = (Wide)IDENTITY;
            for (unsigned reach = 1; reach < blockDim.x; reach *= 2) {
                __syncthreads();
                Wide x = tile[now][threadIdx.x];
                tile[1 - now][threadIdx.x] = threadIdx.x >= reach ? join(tile[now][threadIdx.x - reach], x) : x;
                now = 1 - now;
            }
            __syncthreads();
            Wide result = tile[now][threadIdx.x];
            Wide last = tile[now][blockDim.x - 1];
            if (start > 0) {
                result = join(carried, result);
                last = join(carried, last);
            }
            carried = last;
            if (i < length) memory<Value>(p.at[0])[at[0] + (Offset)i * out_step] = cast<Value>(result);
            __syncthreads();
        }
    }
}
