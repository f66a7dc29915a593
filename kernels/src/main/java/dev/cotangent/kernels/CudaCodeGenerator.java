package dev.cotangent.kernels;

import dev.cotangent.Dtype;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Program;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Generator of C from a scalar program: the structs {@code In} and {@code Out} with an element's inputs and outputs,
 * {@code compute} from one to the other, and their loads and stores. Operands are numbered outputs first, then inputs.
 */
final class CudaCodeGenerator {
    private static final Pattern NAMES = Pattern.compile("\\b[abcT]\\b");

    private static final int LONGEST_WIDE = 24;

    private final Program program;
    private final StringBuilder text = new StringBuilder();

    private CudaCodeGenerator(Program program) {
        this.program = program;
    }

    /**
     * Returns how many elements are loaded at once: 16 bytes of the largest type, at least 4 and at most 8 elements, and 4
     * of a program so long that more of it side by side would take too many registers.
     */
    static int width(Program program) {
        int largest = 1;
        for (Dtype d : program.inputs()) largest = Math.max(largest, d.bytes());
        for (Expr e : program.outputs()) largest = Math.max(largest, e.dtype().bytes());
        return largest > 2 || program.steps().size() > LONGEST_WIDE ? 4 : 8;
    }

    /** Generates the code of a program; with {@code vectors}, also loads and stores of several elements at once. */
    static String of(Program program, boolean vectors) {
        CudaCodeGenerator t = new CudaCodeGenerator(program);
        t.declare();
        t.compute();
        t.load(false);
        t.store(false);
        if (vectors) {
            t.text.append("static const int WIDTH = %d;\n".formatted(width(program)));
            t.load(true);
            t.store(true);
        }
        return t.text.toString();
    }

    private List<Dtype> outputs() {
        return program.outputs().stream().map(Expr::dtype).toList();
    }

    private void declare() {
        int operands = program.outputs().size() + program.inputs().size();
        text.append("static const int OPERANDS = %d, SCALARS = %d;\n"
                .formatted(operands, Math.max(1, program.scalars().size())));
        struct("In", "x", program.inputs());
        struct("Out", "y", outputs());
    }

    private void struct(String name, String field, List<Dtype> types) {
        text.append("struct ").append(name).append(" {");
        for (int i = 0; i < types.size(); i++) {
            text.append(' ')
                    .append(CudaTypes.of(types.get(i)))
                    .append(' ')
                    .append(field)
                    .append(i)
                    .append(';');
        }
        text.append(" };\n");
    }

    private void compute() {
        text.append("__device__ inline void compute(const In& in, const Values<SCALARS>& s, Out& out) {\n");
        for (int n = 0; n < program.steps().size(); n++) {
            Expr e = program.steps().get(n);
            String type = CudaTypes.of(e.dtype());
            text.append("    const %s v%d = %s;\n".formatted(type, n, value(e, type)));
        }
        for (int i = 0; i < program.outputs().size(); i++) {
            text.append("    out.y%d = v%d;\n"
                    .formatted(i, program.position(program.outputs().get(i))));
        }
        text.append("}\n");
    }

    private String value(Expr e, String type) {
        return switch (e.kind()) {
            case INPUT -> "in.x" + e.index();
            case SCALAR -> {
                String bits = "(i64)s.bits[" + e.index() + "]";
                yield "cast<%s>(%s)"
                        .formatted(type, e.dtype().isFloatingPoint() ? "__longlong_as_double(" + bits + ")" : bits);
            }
            case CONST -> CudaTypes.constant(e.dtype(), e.bits());
            case CAST -> "cast<%s>(v%d)".formatted(type, program.position(e.arg(0)));
            case CALL -> "(%s)(%s)".formatted(type, call(e));
        };
    }

    private String call(Expr e) {
        String operand = CudaTypes.of(e.arg(e.arity() - 1).dtype());
        return NAMES.matcher(e.op().c()).replaceAll((MatchResult m) -> {
            String name = m.group();
            return name.equals("T") ? operand : "v" + program.position(e.arg(name.charAt(0) - 'a'));
        });
    }

    private void load(boolean vector) {
        text.append(
                vector
                        ? "__device__ inline void load_vector(const Pointers<OPERANDS>& p, Index i, In* in) {\n"
                        : "__device__ inline void load(const Pointers<OPERANDS>& p, const Offset* at, In& in) {\n");
        int outs = program.outputs().size();
        for (int i = 0; i < program.inputs().size(); i++) {
            String type = CudaTypes.of(program.inputs().get(i));
            text.append(
                    vector
                            ? "    { const Vector<%s, WIDTH> q = memory<const Vector<%1$s, WIDTH>>(p.at[%d])[i]; for (int k = 0; k < WIDTH; k++) in[k].x%d = q.v[k]; }\n"
                                    .formatted(type, outs + i, i)
                            : "    in.x%d = memory<const %s>(p.at[%d])[at[%3$d]];\n".formatted(i, type, outs + i));
        }
        text.append("}\n");
    }

    private void store(boolean vector) {
        text.append(
                vector
                        ? "__device__ inline void store_vector(const Pointers<OPERANDS>& p, Index i, const Out* out)"
                                + " {\n"
                        : "__device__ inline void store(const Pointers<OPERANDS>& p, const Offset* at, const Out& out)"
                                + " {\n");
        for (int i = 0; i < program.outputs().size(); i++) {
            String type = CudaTypes.of(program.outputs().get(i).dtype());
            text.append(
                    vector
                            ? "    { Vector<%s, WIDTH> q; for (int k = 0; k < WIDTH; k++) q.v[k] = out[k].y%d; memory<Vector<%1$s, WIDTH>>(p.at[%2$d])[i] = q; }\n"
                                    .formatted(type, i)
                            : "    memory<%s>(p.at[%d])[at[%2$d]] = out.y%2$d;\n".formatted(type, i));
        }
        text.append("}\n");
    }
}
