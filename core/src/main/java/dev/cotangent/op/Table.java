package dev.cotangent.op;

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
    /** The floating-point types. */
    static final Set<Dtype> FLOATS = EnumSet.of(Dtype.FLOAT32, Dtype.FLOAT64, Dtype.FLOAT16, Dtype.BFLOAT16);

    /** The integer types. */
    static final Set<Dtype> INTEGERS = EnumSet.of(Dtype.INT64, Dtype.INT32, Dtype.INT16, Dtype.INT8, Dtype.UINT8);

    /** The integer types and bool. */
    static final Set<Dtype> WHOLE = EnumSet.complementOf(EnumSet.copyOf(FLOATS));

    /** All but bool. */
    static final Set<Dtype> NUMBERS = EnumSet.complementOf(EnumSet.of(Dtype.BOOL));

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

    /** The types that PyTorch's kernel of that name takes; its error for any other. */
    static Elementwise.Check takes(String kernel, Set<Dtype> types) {
        return (type, arguments) -> {
            if (types.contains(type)) return;
            boolean cpu = true;
            for (Object a : arguments)
                if (a instanceof Tensor t) cpu &= t.device().isCpu();
            String name = cpu ? kernel : kernel.replace("_cpu", "_cuda").replace("_vml", "");
            throw Promotion.notImplemented(name, type);
        };
    }

    /** The check of a function whose kernel is called after PyTorch's vector math library. */
    static Elementwise.Builder function(String name, ScalarOp op) {
        return unary(name, op).check(takes(name + "_vml_cpu", FLOATS));
    }
}
