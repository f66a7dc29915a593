// c (0) = alpha * a (1) @ b (2) + beta * c in tiles of 16 x 16.
struct Strides { Offset batch, row, column; };

extern "C" __global__ void matmul(Index batches, Index rows, Index inner, Index columns, Strides sc, Strides sa, Strides sb,
        Pointers<3> p, double alpha, double beta) {
    __shared__ Wide ta[16][17];
    __shared__ Wide tb[16][17];
    Index tiles_per_row = (columns + 15) / 16;
    Index row = blockIdx.x / tiles_per_row * 16 + threadIdx.y, column = blockIdx.x % tiles_per_row * 16 + threadIdx.x;
    for (Index batch = blockIdx.y; batch < batches; batch += gridDim.y) {
        const Value* a = memory<const Value>(p.at[1]) + (Offset)batch * sa.batch;
        const Value* b = memory<const Value>(p.at[2]) + (Offset)batch * sb.batch;
        Wide sum = (Wide)0;
        for (Index start = 0; start < inner; start += 16) {
            Index ka = start + threadIdx.x, kb = start + threadIdx.y;
            ta[threadIdx.y][threadIdx.x] = row < rows && ka < inner ? cast<Wide>(a[(Offset)row * sa.row + (Offset)ka * sa.column]) : (Wide)0;
            tb[threadIdx.y][threadIdx.x] = kb < inner && column < columns ? cast<Wide>(b[(Offset)kb * sb.row + (Offset)column * sb.column]) : (Wide)0;
            __syncthreads();
            // Stops at the operands' end: padding with zeros would make NaN of infinities.
            int end = inner - start < 16 ? (int)(inner - start) : 16;
            for (int k = 0; k < end; k++) sum = add_(sum, mul_(ta[threadIdx.y][k], tb[k][threadIdx.x]));
            __syncthreads();
        }
        if (row < rows && column < columns) {
            Value* c = memory<Value>(p.at[0]) + (Offset)batch * sc.batch + (Offset)row * sc.row + (Offset)column * sc.column;
            Wide result = mul_(cast<Wide>(alpha), sum);
            if (beta != 0.0) result = add_(result, mul_(cast<Wide>(beta), cast<Wide>(*c)));
            *c = cast<Value>(result);
        }
    }
}
