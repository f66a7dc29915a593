package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.cpu.LoopProgram.Use;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import java.util.Collections;
import java.util.List;

/** The passes over rows that softmax, normalization and their gradients are made of: one scalar program each. */
enum RowPass {
    /** The largest number. */
    MAX(1, 0, (x, s) -> new Expr[] {x[0]}, Use.MAX),
    /** {@code e^(x - shift)}, and its sum. */
    EXP(
            1,
            1,
            (x, s) -> {
                Expr y = x[0].sub(s[0]).exp();
                return new Expr[] {y, y};
            },
            Use.STORE,
            Use.SUM),
    /** The sum of {@code e^(x - shift)}. */
    SUM_EXP(1, 1, (x, s) -> new Expr[] {x[0].sub(s[0]).exp()}, Use.SUM),
    /** {@code x * factor}. */
    SCALE(1, 1, (x, s) -> new Expr[] {x[0].mul(s[0])}, Use.STORE),
    /** {@code x - first - second}. */
    SUBTRACT(1, 2, (x, s) -> new Expr[] {x[0].sub(s[0]).sub(s[1])}, Use.STORE),
    /** The sum. */
    SUM(1, 0, (x, s) -> new Expr[] {x[0]}, Use.SUM),
    /** The sum of products. */
    DOT(2, 0, (x, s) -> new Expr[] {x[0].mul(x[1])}, Use.SUM),
    /** Of gradient and result {@code (g - total) * y}. */
    SOFTMAX_GRADIENT(2, 1, (x, s) -> new Expr[] {x[0].sub(s[0]).mul(x[1])}, Use.STORE),
    /** Of gradient and result {@code g - e^y * total}. */
    LOG_SOFTMAX_GRADIENT(2, 1, (x, s) -> new Expr[] {x[0].sub(x[1].exp().mul(s[0]))}, Use.STORE),
    /** The sums of {@code x - mean} and of its square. */
    MOMENTS(
            1,
            1,
            (x, s) -> {
                Expr d = x[0].sub(s[0]);
                return new Expr[] {d, d.mul(d)};
            },
            Use.SUM,
            Use.SUM),
    /** {@code (x - mean - rest) * scale}: the mean is more exact in two parts. */
    NORMALIZE(1, 3, (x, s) -> new Expr[] {x[0].sub(s[0]).sub(s[1]).mul(s[2])}, Use.STORE),
    /** {@link #NORMALIZE}, then times the weight plus the bias. */
    NORMALIZE_AFFINE(
            3,
            3,
            (x, s) -> new Expr[] {x[0].sub(s[0]).sub(s[1]).mul(s[2]).mul(x[1]).add(x[2])},
            Use.STORE),
    /** Of gradient, input and weight the sums of {@code h = g * w} and of {@code h * (x - mean) * scale}. */
    NORMALIZE_SUMS(
            3,
            2,
            (x, s) -> {
                Expr h = x[0].mul(x[2]);
                return new Expr[] {h, h.mul(normal(x[1], s))};
            },
            Use.SUM,
            Use.SUM),
    /** Of gradient, input and weight {@code (g * w - first - (x - mean) * scale * second) * scale}. */
    NORMALIZE_GRADIENT(3, 4, (x, s) -> new Expr[] {gradient(x, s)}, Use.STORE),
    /** {@link #NORMALIZE_GRADIENT} and {@link #NORMALIZE_PRODUCT}. */
    NORMALIZE_GRADIENTS(
            3, 4, (x, s) -> new Expr[] {gradient(x, s), normal(x[1], s).mul(x[0])}, Use.STORE, Use.STORE),
    /** Of gradient and input {@code g * (x - mean) * scale}. */
    NORMALIZE_PRODUCT(2, 2, (x, s) -> new Expr[] {normal(x[1], s).mul(x[0])}, Use.STORE),
    /** {@link #NORMALIZE}, then times a weight plus a bias that are the same for the row. */
    CHANNEL_NORMALIZE(
            1,
            5,
            (x, s) -> new Expr[] {x[0].sub(s[0]).sub(s[1]).mul(s[2]).mul(s[3]).add(s[4])},
            Use.STORE),
    /** Of gradient and input the sums of {@code g} and of {@code g * (x - mean) * scale}. */
    CHANNEL_SUMS(2, 2, (x, s) -> new Expr[] {x[0], x[0].mul(normal(x[1], s))}, Use.SUM, Use.SUM),
    /** Of gradient and input {@code (g - first - (x - mean) * scale * second) * factor}. */
    CHANNEL_GRADIENT(
            2,
            5,
            (x, s) -> new Expr[] {x[0].sub(s[2]).sub(normal(x[1], s).mul(s[3])).mul(s[4])},
            Use.STORE);

    private interface Body {
        Expr[] of(Expr[] inputs, Expr[] scalars);
    }

    private final int inputs;
    private final int scalars;
    private final Body body;
    private final Use[] uses;

    RowPass(int inputs, int scalars, Body body, Use... uses) {
        this.inputs = inputs;
        this.scalars = scalars;
        this.body = body;
        this.uses = uses;
    }

    private static Expr normal(Expr x, Expr[] s) {
        return x.sub(s[0]).mul(s[1]);
    }

    private static Expr gradient(Expr[] x, Expr[] s) {
        return x[0].mul(x[2]).sub(s[2]).sub(normal(x[1], s).mul(s[3])).mul(s[1]);
    }

    int inputs() {
        return inputs;
    }

    /** Returns the number of arrays of its loop, the scratch included. */
    int operands() {
        return inputs + scalars + uses.length + 1;
    }

    /** Returns the number of the array of the first output. */
    int firstOutput() {
        return inputs + scalars;
    }

    Use use(int output) {
        return uses[output];
    }

    int outputs() {
        return uses.length;
    }

    LoopProgram program(Dtype dtype) {
        Exprs e = new Exprs();
        Expr[] x = new Expr[inputs];
        for (int i = 0; i < inputs; i++) x[i] = e.input(i, dtype);
        Expr[] s = new Expr[scalars];
        for (int i = 0; i < scalars; i++) s[i] = e.scalar(i, dtype);
        Program p = new Program(
                Collections.nCopies(inputs, dtype), Collections.nCopies(scalars, dtype), List.of(body.of(x, s)));
        return LoopProgram.ofRows(p, dtype, uses);
    }
}
