package dev.cotangent.cpu.vector;

import dev.cotangent.Dtype;
import dev.cotangent.cpu.Loop;
import dev.cotangent.cpu.LoopProgram;
import dev.cotangent.cpu.RowLoop;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import dev.cotangent.ir.ScalarOp;
import java.util.Collections;
import java.util.List;

/** A generated loop as the loop of an op of one or two operands. */
final class ProgramLoop extends Loop {
    private static final int[] STRIDES = new int[3];

    private final RowLoop loop;
    private final boolean isBinary;

    private ProgramLoop(RowLoop loop, boolean isBinary) {
        this.loop = loop;
        this.isBinary = isBinary;
    }

    /** Returns the loop of a function. The compiler may not inline one, so its instructions are copied into the loop. */
    static Loop of(ScalarOp function, boolean isDouble) {
        Dtype type = isDouble ? Dtype.FLOAT64 : Dtype.FLOAT32;
        Exprs pool = new Exprs();
        Expr[] args = new Expr[function.arity()];
        for (int i = 0; i < args.length; i++) args[i] = pool.input(i, type);
        Program program =
                new Program(Collections.nCopies(args.length, type), List.of(), List.of(pool.call(function, args)));
        RowLoop loop = VectorLoopGenerator.make(LoopProgram.ofRows(program, type, LoopProgram.Use.STORE));
        return new ProgramLoop(loop, args.length == 2);
    }

    @Override
    public void run(Object out, int o, Object a, int i, Object b, int j, Object c, int k, int n) {
        if (isBinary) loop.run(new Object[] {a, b, out}, new int[] {i, j, o}, STRIDES, 1, n);
        else loop.run(new Object[] {a, out}, new int[] {i, o}, STRIDES, 1, n);
    }
}
