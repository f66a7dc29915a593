package dev.cotangent.onnx.internal.importing;

import static dev.cotangent.onnx.internal.importing.Operators.add;
import static dev.cotangent.onnx.internal.importing.Operators.v;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Recurrent networks: gates as ONNX orders them, one step after another. */
final class RecurrentOperators {
    private RecurrentOperators() {}

    static void register() {
        add("RNN", v(7, 14, 22), c -> new Run(c, 1, List.of("Tanh")).all());
        add("GRU", v(7, 14, 22), c -> new Run(c, 3, List.of("Sigmoid", "Tanh")).all());
        add("LSTM", v(7, 14, 22), c -> new Run(c, 4, List.of("Sigmoid", "Tanh", "Tanh")).all());
    }

    /** A node being computed. */
    private static final class Run {
        private final Call c;
        private final int gates;
        private final boolean batchFirst;
        private final int directions;
        private final Tensor x;
        private final long hidden;
        private final List<String> activations;
        private final double[] alphas;
        private final double[] betas;
        private final double clip;
        private final @Nullable Tensor lengths;
        private int alpha;
        private int beta;

        Run(Call c, int gates, List<String> usual) {
            this.c = c;
            this.gates = gates;
            batchFirst = c.flag("layout", false);
            String direction = c.s("direction", "forward");
            directions = direction.equals("bidirectional") ? 2 : 1;
            x = batchFirst ? c.x(0).transpose(0, 1) : c.x(0);
            hidden = c.hasAttribute("hidden_size") ? c.i("hidden_size") : c.x(2).size(2);
            List<String> all = new ArrayList<>();
            for (int d = 0; d < directions; d++) all.addAll(usual);
            activations = c.strings("activations", all);
            if (activations.size() != all.size()) throw c.error("has " + activations.size() + " activations");
            alphas = c.floats("activation_alpha");
            betas = c.floats("activation_beta");
            clip = c.f("clip", 0);
            lengths = c.opt(4);
        }

        List<Value> all() {
            boolean reverse = c.s("direction", "forward").equals("reverse");
            List<Tensor> ys = new ArrayList<>();
            List<Tensor> hs = new ArrayList<>();
            List<Tensor> cs = new ArrayList<>();
            for (int d = 0; d < directions; d++) {
                Tensor[] last = direction(d, reverse || d == 1, ys);
                hs.add(last[0]);
                if (last.length > 1) cs.add(last[1]);
            }
            Tensor y = Tensors.stack(ys, 1);
            Tensor h = Tensors.stack(hs);
            if (batchFirst) {
                y = y.permute(2, 0, 1, 3);
                h = h.transpose(0, 1);
            }
            if (cs.isEmpty()) return Value.of(y, h);
            Tensor cell = Tensors.stack(cs);
            return Value.all(List.of(y, h, batchFirst ? cell.transpose(0, 1) : cell));
        }

        private Tensor[] direction(int d, boolean reverse, List<Tensor> ys) {
            Tensor w = c.x(1).select(0, d);
            Tensor r = c.x(2).select(0, d);
            long batch = x.size(1);
            Tensor zeros = x.newZeros(batch, hidden);
            Tensor both = c.has(3) ? c.x(3).select(0, d) : x.newZeros(2 * gates * hidden);
            Tensor wb = both.narrow(0, 0, gates * hidden);
            Tensor rb = both.narrow(0, gates * hidden, gates * hidden);
            Tensor h = state(5, d, zeros);
            Tensor cell = gates == 4 ? state(6, d, zeros) : zeros;
            Tensor peephole = gates == 4 && c.has(7) ? c.x(7).select(0, d) : null;
            int each = activations.size() / directions;
            List<UnaryOperator<Tensor>> f = new ArrayList<>();
            for (int k = 0; k < each; k++) f.add(activation(activations.get(d * each + k)));
            int steps = Math.toIntExact(x.size(0));
            Tensor inputs = x.matmul(w.t()).add(wb);
            List<Tensor> out = new ArrayList<>(Collections.nCopies(steps, zeros));
            for (int k = 0; k < steps; k++) {
                int t = reverse ? steps - 1 - k : k;
                Tensor[] next = switch (gates) {
                    case 1 ->
                        new Tensor[] {
                            f.get(0)
                                    .apply(clip(inputs.select(0, t)
                                            .add(h.matmul(r.t()))
                                            .add(rb)))
                        };
                    case 3 -> gru(inputs.select(0, t), h, r, rb, f);
                    default -> lstm(inputs.select(0, t).add(h.matmul(r.t())).add(rb), cell, peephole, f);
                };
                Tensor made = next[0];
                if (lengths != null) {
                    Tensor inside = lengths.gt(t).unsqueeze(1);
                    out.set(t, Tensors.where(inside, made, zeros));
                    h = Tensors.where(inside, made, h);
                    if (gates == 4) cell = Tensors.where(inside, next[1], cell);
                } else {
                    out.set(t, made);
                    h = made;
                    if (gates == 4) cell = next[1];
                }
            }
            ys.add(steps == 0 ? x.newZeros(0, batch, hidden) : Tensors.stack(out));
            return gates == 4 ? new Tensor[] {h, cell} : new Tensor[] {h};
        }

        private Tensor state(int input, int d, Tensor zeros) {
            if (!c.has(input)) return zeros;
            return batchFirst ? c.x(input).select(1, d) : c.x(input).select(0, d);
        }

        private Tensor clip(Tensor t) {
            return clip > 0 ? t.clamp(-clip, clip) : t;
        }

        private Tensor part(Tensor t, int k) {
            return t.narrow(-1, k * hidden, hidden);
        }

        /** Gates z, r, h. */
        private Tensor[] gru(Tensor in, Tensor h, Tensor r, Tensor rb, List<UnaryOperator<Tensor>> f) {
            Tensor zr = r.narrow(0, 0, 2 * hidden);
            Tensor zrBias = rb.narrow(0, 0, 2 * hidden);
            Tensor own = r.narrow(0, 2 * hidden, hidden);
            Tensor ownBias = rb.narrow(0, 2 * hidden, hidden);
            Tensor both = h.matmul(zr.t()).add(zrBias);
            Tensor z = f.get(0).apply(clip(part(in, 0).add(part(both, 0))));
            Tensor reset = f.get(0).apply(clip(part(in, 1).add(part(both, 1))));
            Tensor inner = c.flag("linear_before_reset", false)
                    ? reset.mul(h.matmul(own.t()).add(ownBias))
                    : reset.mul(h).matmul(own.t()).add(ownBias);
            Tensor candidate = f.get(1).apply(clip(part(in, 2).add(inner)));
            return new Tensor[] {z.rsub(1).mul(candidate).add(z.mul(h))};
        }

        /** Gates i, o, f, c; peepholes i, o, f. */
        private Tensor[] lstm(Tensor sum, Tensor cell, @Nullable Tensor p, List<UnaryOperator<Tensor>> f) {
            Tensor in = part(sum, 0);
            Tensor forget = part(sum, 2);
            if (p != null) {
                in = in.add(part(p, 0).mul(cell));
                forget = forget.add(part(p, 2).mul(cell));
            }
            Tensor i = f.get(0).apply(clip(in));
            Tensor keep = c.flag("input_forget", false) ? i.rsub(1) : f.get(0).apply(clip(forget));
            Tensor next = keep.mul(cell).add(i.mul(f.get(1).apply(clip(part(sum, 3)))));
            Tensor out = part(sum, 1);
            if (p != null) out = out.add(part(p, 1).mul(next));
            return new Tensor[] {f.get(0).apply(clip(out)).mul(f.get(2).apply(next)), next};
        }

        private double next(double[] from, boolean ofAlpha, double other) {
            int at = ofAlpha ? alpha++ : beta++;
            return at < from.length ? from[at] : other;
        }

        private UnaryOperator<Tensor> activation(String name) {
            switch (name.toLowerCase(Locale.ROOT)) {
                case "relu":
                    return Tensor::relu;
                case "tanh":
                    return Tensor::tanh;
                case "sigmoid":
                    return Tensor::sigmoid;
                case "softsign":
                    return Tensor::softsign;
                case "softplus":
                    return Tensor::softplus;
                case "affine": {
                    double a = next(alphas, true, 1);
                    double b = next(betas, false, 0);
                    return t -> t.mul(a).add(b);
                }
                case "leakyrelu": {
                    double a = next(alphas, true, 0.01);
                    return t -> t.leakyRelu(a);
                }
                case "thresholdedrelu": {
                    double a = next(alphas, true, 1);
                    return t -> Tensors.where(t.gt(a), t, t.zerosLike());
                }
                case "scaledtanh": {
                    double a = next(alphas, true, 1);
                    double b = next(betas, false, 1);
                    return t -> t.mul(b).tanh().mul(a);
                }
                case "hardsigmoid": {
                    double a = next(alphas, true, 0.2);
                    double b = next(betas, false, 0.5);
                    return t -> ActivationOperators.hardSigmoid(t, a, b);
                }
                case "elu": {
                    double a = next(alphas, true, 1);
                    return t -> t.elu(a);
                }
                default:
                    throw c.error("has the activation '" + name + "', which is not known");
            }
        }
    }
}
