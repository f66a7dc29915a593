package dev.cotangent.op;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.program.Expr;
import dev.cotangent.program.ScalarOp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** A table of elementwise operations being written, and what its rows are written with. */
final class Table {
    /** The floating-point types, and those that PyTorch's CPU kernels of functions take. */
    static final Set<Dtype> FLOATS = EnumSet.of(Dtype.FLOAT32, Dtype.FLOAT64, Dtype.FLOAT16, Dtype.BFLOAT16);

    /** Floating point without float16, which most of PyTorch's CPU kernels do not take. */
    static final Set<Dtype> FLOATS_BUT_HALF = EnumSet.of(Dtype.FLOAT32, Dtype.FLOAT64, Dtype.BFLOAT16);

    /** The integer types. */
    static final Set<Dtype> INTEGERS = EnumSet.of(Dtype.INT64, Dtype.INT32, Dtype.INT16, Dtype.INT8, Dtype.UINT8);

    /** The integer types and bool. */
    static final Set<Dtype> WHOLE = EnumSet.complementOf(EnumSet.copyOf(FLOATS));

    /** All but bool. */
    static final Set<Dtype> NUMBERS = EnumSet.complementOf(EnumSet.of(Dtype.BOOL));

    /** All but bool and float16. */
    static final Set<Dtype> NUMBERS_BUT_HALF = EnumSet.complementOf(EnumSet.of(Dtype.BOOL, Dtype.FLOAT16));

    private final List<Elementwise> rows = new ArrayList<>();

    /** Ends a row and takes it in. */
    Elementwise add(Elementwise.Builder row) {
        Elementwise done = row.done();
        rows.add(done);
        return done;
    }

    /** The rows so far. */
    List<Elementwise> rows() {
        return Collections.unmodifiableList(rows);
    }

    static Elementwise.Builder unary(String name, Elementwise.Typing typing, UnaryOperator<Expr> body) {
        return Elementwise.row(name, typing, 1, 0, (x, p) -> body.apply(x[0]));
    }

    static Elementwise.Builder unary(String name, ScalarOp op) {
        return unary(name, Elementwise.Typing.FLOAT, x -> x.call(op));
    }

    static Elementwise.Builder binary(String name, Elementwise.Typing typing, BinaryOperator<Expr> body) {
        return Elementwise.row(name, typing, 2, 0, (x, p) -> body.apply(x[0], x[1]));
    }

    /** The types that PyTorch's kernel of that name takes; its error for any other. On other devices half types go. */
    static Elementwise.Check takes(String kernel, Set<Dtype> types) {
        return (type, arguments) -> {
            if (types.contains(type)) return;
            boolean cpu = true;
            for (Object a : arguments)
                if (a instanceof Tensor t) cpu &= t.device().isCpu();
            if (!cpu && type.isHalf() && types.contains(Dtype.FLOAT32)) return;
            String name = cpu ? kernel : kernel.replace("_cpu", "_cuda").replace("_vml", "");
            throw new CotangentException("\"" + name + "\" not implemented for '" + type.scalarName() + "'");
        };
    }

    /** The check of a function whose kernel is called after PyTorch's vector math library. */
    static Elementwise.Builder function(String name, ScalarOp op) {
        return unary(name, op).check(takes(name + "_vml_cpu", FLOATS_BUT_HALF));
    }
}
