package dev.cotangent.cpu.vector;

import dev.cotangent.Dtype;
import dev.cotangent.cpu.Loop;
import dev.cotangent.cpu.LoopProgram;
import dev.cotangent.cpu.RowLoop;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import dev.cotangent.ir.ScalarOp;
import java.util.List;

/** A generated loop as the loop of an op of one operand. */
final class ProgramLoop extends Loop {
    private static final int[] STRIDES = new int[2];

    private final RowLoop loop;

    private ProgramLoop(RowLoop loop) {
        this.loop = loop;
    }

    /** Returns the loop of a function. The compiler may not inline one, so its instructions are copied into the loop. */
    static Loop of(ScalarOp function, boolean isDouble) {
        Dtype type = isDouble ? Dtype.FLOAT64 : Dtype.FLOAT32;
        Program program = new Program(
                List.of(type), List.of(), List.of(new Exprs().input(0, type).call(function)));
        return new ProgramLoop(VectorLoopGenerator.make(LoopProgram.ofRows(program, type, LoopProgram.Use.STORE)));
    }

    @Override
    public void run(Object out, int o, Object a, int i, Object b, int j, Object c, int k, int n) {
        loop.run(new Object[] {a, out}, new int[] {i, o}, STRIDES, 1, n);
    }
}
