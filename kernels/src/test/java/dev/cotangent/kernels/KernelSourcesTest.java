package dev.cotangent.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Dtype;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import dev.cotangent.ir.ScalarOp;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the C code of programs. */
class KernelSourcesTest {
    private static Program halved() {
        Exprs e = new Exprs();
        Expr x = e.input(0, Dtype.FLOAT16).cast(Dtype.FLOAT32);
        Expr s = e.scalar(0, Dtype.FLOAT32);
        Expr selected = e.input(1, Dtype.BOOL).where(x.mul(s).add(0.5), x.exp());
        return new Program(
                List.of(Dtype.FLOAT16, Dtype.BOOL),
                List.of(Dtype.FLOAT32),
                List.of(selected.cast(Dtype.FLOAT16), selected.sign()));
    }

    @Test
    void aProgramIsOneFunction() {
        assertEquals("""
            static const int OPERANDS = 4, SCALARS = 1;
            struct In { half_ x0; bool x1; };
            struct Out { half_ y0; float y1; };
            __device__ inline void compute(const In& in, const Values<SCALARS>& s, Out& out) {
                const bool v0 = in.x1;
                const half_ v1 = in.x0;
                const float v2 = cast<float>(v1);
                const float v3 = cast<float>(__longlong_as_double((i64)s.bits[0]));
                const float v4 = (float)(mul_(v2, v3));
                const float v5 = (0x1.0p-1f);
                const float v6 = (float)(add_(v4, v5));
                const float v7 = (float)(f_exp(v2));
                const float v8 = (float)(v0 ? v6 : v7);
                const half_ v9 = cast<half_>(v8);
                const float v10 = (float)((float)((v8 > float(0)) - (v8 < float(0))));
                out.y0 = v9;
                out.y1 = v10;
            }
            __device__ inline void load(const Pointers<OPERANDS>& p, const Offset* at, In& in) {
                in.x0 = memory<const half_>(p.at[2])[at[2]];
                in.x1 = memory<const bool>(p.at[3])[at[3]];
            }
            __device__ inline void store(const Pointers<OPERANDS>& p, const Offset* at, const Out& out) {
                memory<half_>(p.at[0])[at[0]] = out.y0;
                memory<float>(p.at[1])[at[1]] = out.y1;
            }
            """, CudaCodeGenerator.of(halved(), false));
    }

    @Test
    void equalProgramsAreOneSource() {
        assertEquals(
                KernelSources.pointwise(halved(), false).text(),
                KernelSources.pointwise(halved(), false).text());
        assertNotEquals(
                KernelSources.pointwise(halved(), false).text(),
                KernelSources.pointwise(halved(), true).text());
    }

    @Test
    void everyOpHasCodeThatNamesItsOperandsOnly() {
        for (ScalarOp op : ScalarOp.values()) {
            assertEquals(op.arity() > 1, op.c().matches(".*\\bb\\b.*"), op + ": " + op.c());
            assertEquals(op.arity() > 2, op.c().matches(".*\\bc\\b.*"), op + ": " + op.c());
        }
    }

    @Test
    void constantsKeepEveryBit() {
        assertEquals("(0x1.99999ap-4f)", CudaTypes.constant(Dtype.FLOAT32, Double.doubleToRawLongBits(0.1f)));
        assertEquals("(-0x0.0p0)", CudaTypes.constant(Dtype.FLOAT64, Double.doubleToRawLongBits(-0.0)));
        assertEquals(
                "(-infinity())",
                CudaTypes.constant(Dtype.FLOAT32, Double.doubleToRawLongBits(Double.NEGATIVE_INFINITY)));
        assertEquals("((double)nan_())", CudaTypes.constant(Dtype.FLOAT64, Double.doubleToRawLongBits(Double.NaN)));
        assertEquals("(-9223372036854775807LL - 1)", CudaTypes.constant(Dtype.INT64, Long.MIN_VALUE));
        assertEquals("(u8)(255LL)", CudaTypes.constant(Dtype.UINT8, 255));
    }

    @Test
    void noSourceIncludesAHeader() {
        for (KernelSource source : EverySource.templates()) {
            assertFalse(source.text().contains("#include"), source.name());
            assertTrue(source.text().contains("extern \"C\" __global__"), source.name());
        }
    }
}
