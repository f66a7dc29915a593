package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Strided;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Program;
import dev.cotangent.ir.ScalarOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A scalar program as instructions on slots; a slot is a register, or a piece of an operand's own memory. */
final class CompiledProgram {
    /** One instruction: a kernel, or a loop that needs no choice. */
    record Step(@Nullable LoopKernel kernel, @Nullable Loop loop, int out, int a, int b, int c) {
        Loop choose(long numel) {
            if (kernel != null) return kernel.choose(numel);
            if (loop != null) return loop;
            throw new IllegalStateException("a step without a loop");
        }

        boolean reads(int slot) {
            return a == slot || b == slot || c == slot;
        }
    }

    /** A constant, or where {@code scalar} is not negative that run-time scalar, in a slot of its own. */
    record Fixed(int slot, Dtype dtype, int scalar, long bits) {}

    /** An input: its elements, its slot (-1 where it is not used), and the last step that reads it. */
    record Input(RegisterCodec elements, int slot, int last) {}

    /** An output: its elements, its slot, and the first step that writes it (-1 where none does). */
    record Output(Dtype dtype, RegisterCodec elements, int slot, int first) {}

    /** The calls of a warm-up run, and the elements of each. */
    private static final int CALLS = 100;

    private static final int FEW = 128;
    private static final int[] LENGTHS = {4 * FEW, FEW, FEW + 5};

    private final List<RegisterType> kinds = new ArrayList<>();
    private final List<Step> code = new ArrayList<>();
    private final List<Fixed> constants = new ArrayList<>();

    final Step[] steps;
    final Fixed[] fixed;
    final Input[] inputs;
    final Output[] outputs;
    /** The number of the register of each slot among those of its kind. */
    private final int[] registers;

    /** Where the operands of the only step come from: an input's number, or below 0 a constant; null for longer code. */
    private final int @Nullable [] sources;

    /** The input that the only output is, lying in memory as in a register; -1 where the output is computed. */
    final int input;

    private final Accumulators.@Nullable Plan[] plans = new Accumulators.Plan[Reduction.values().length];

    /** About how many tenths of a nanosecond an element takes. */
    final int cost;

    /** The program in one loop, once that is compiled; null where it gains nothing. */
    private final @Nullable JitWarmup<RowLoop> generated;

    CompiledProgram(Program program, LoopKernels kernels) {
        int[] slots = new int[program.steps().size()];
        int[] inputSlots = new int[program.inputs().size()];
        Arrays.fill(inputSlots, -1);
        for (Expr e : program.steps()) {
            slots[program.position(e)] = switch (e.kind()) {
                case INPUT -> inputSlots[e.index()] = slot(e.dtype());
                case SCALAR -> fix(e, e.index());
                case CONST -> fix(e, -1);
                case CAST -> cast(e, slots[program.position(e.arg(0))]);
                case CALL -> call(e, program, slots, kernels);
            };
        }
        steps = code.toArray(Step[]::new);
        fixed = constants.toArray(Fixed[]::new);
        inputs = new Input[inputSlots.length];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = new Input(RegisterCodec.of(program.inputs().get(i)), inputSlots[i], lastRead(inputSlots[i]));
        }
        outputs = new Output[program.outputs().size()];
        for (int k = 0; k < outputs.length; k++) {
            Expr e = program.outputs().get(k);
            int slot = slots[program.position(e)];
            outputs[k] = new Output(e.dtype(), RegisterCodec.of(e.dtype()), slot, firstWrite(slot));
        }
        registers = assign();
        sources = sources(program);
        input = input(program);
        int sum = 3;
        for (Step s : steps) sum += s.kernel == null ? 5 : s.kernel.cost();
        cost = sum;
        generated = generated(program, slots, kernels);
    }

    private @Nullable JitWarmup<RowLoop> generated(Program program, int[] slots, LoopKernels kernels) {
        VectorLoops vectors = kernels.vectors();
        if (vectors == null || !LoopProgram.suits(program, vectors)) return null;
        int[] stored = new int[outputs.length];
        for (int k = 0; k < stored.length; k++) stored[k] = outputs[k].first < 0 ? -1 : outputs[k].slot;
        List<LoopProgram.Use> uses = Collections.nCopies(stored.length, LoopProgram.Use.STORE);
        Dtype type = LoopProgram.type(program);
        LoopProgram loop = new LoopProgram(program, type, slots, stored, uses, -1);
        return new JitWarmup<>(
                new InterpretedLoop(this, FEW),
                () -> vectors.generate(loop),
                this::exercise,
                kernels.cold(cost),
                kernels.isAside());
    }

    /** Runs a form of the program on registers of its own, so often and on so few elements as makes the compiler act. */
    private void exercise(RowLoop form) {
        Object[] arrays = new Object[slots()];
        for (int s = 0; s < arrays.length; s++) arrays[s] = LoopKernel.numbers(kind(s), Registers.BLOCK);
        int[] zeros = new int[arrays.length];
        for (int i = 0; i < CALLS; i++) form.run(arrays, zeros, zeros, 1, LENGTHS[i % LENGTHS.length]);
    }

    /** Returns the whole program in one loop, if the elements are enough for it, or the interpreter of its steps. */
    RowLoop choose(long numel) {
        JitWarmup<RowLoop> g = generated;
        RowLoop form = g == null ? null : g.choose(numel);
        return form == null || form instanceof InterpretedLoop ? new InterpretedLoop(this, numel) : form;
    }

    private int slot(Dtype dtype) {
        kinds.add(RegisterType.of(dtype));
        return kinds.size() - 1;
    }

    private int fix(Expr e, int scalar) {
        int slot = slot(e.dtype());
        constants.add(new Fixed(slot, e.dtype(), scalar, scalar < 0 ? e.bits() : 0));
        return slot;
    }

    private int cast(Expr e, int from) {
        Loop loop = DtypeConversions.loop(e.arg(0).dtype(), e.dtype());
        if (loop == null) return from;
        int to = slot(e.dtype());
        code.add(new Step(null, loop, to, from, from, from));
        return to;
    }

    private int call(Expr e, Program program, int[] slots, LoopKernels kernels) {
        int a = slots[program.position(e.arg(0))];
        int b = e.arity() > 1 ? slots[program.position(e.arg(1))] : a;
        int c = e.arity() > 2 ? slots[program.position(e.arg(2))] : b;
        Dtype type = e.arg(e.arity() - 1).dtype();
        int to = slot(e.dtype());
        code.add(new Step(kernels.of(e.op(), type.computeType()), null, to, a, b, c));
        Loop wrap = e.op().kind() == ScalarOp.Kind.COMPARE || e.op() == ScalarOp.WHERE
                ? null
                : DtypeConversions.wrapping(e.dtype());
        if (wrap != null) code.add(new Step(null, wrap, to, to, to, to));
        return to;
    }

    private int lastRead(int slot) {
        for (int s = steps.length - 1; s >= 0; s--) if (steps[s].reads(slot)) return s;
        return -1;
    }

    private int firstWrite(int slot) {
        for (int s = 0; s < steps.length; s++) if (steps[s].out == slot) return s;
        return -1;
    }

    /** Registers for all slots; those of values in between are used again when nothing more reads the value. */
    private int[] assign() {
        int[] numbers = new int[kinds.size()];
        int[] used = new int[RegisterType.values().length];
        boolean[] lasting = new boolean[kinds.size()];
        for (Input i : inputs) if (i.slot >= 0) lasting[i.slot] = true;
        for (Fixed f : fixed) lasting[f.slot] = true;
        for (Output o : outputs) lasting[o.slot] = true;
        List<List<Integer>> free = new ArrayList<>();
        for (int k = 0; k < used.length; k++) free.add(new ArrayList<>());
        for (int s = 0; s < lasting.length; s++)
            if (lasting[s]) numbers[s] = used[kinds.get(s).ordinal()]++;
        for (int at = 0; at < steps.length; at++) {
            Step step = steps[at];
            for (int slot : new int[] {step.a, step.b == step.a ? -1 : step.b, step.c == step.b ? -1 : step.c}) {
                if (slot < 0 || lasting[slot] || slot == step.out || lastRead(slot) != at) continue;
                List<Integer> pile = free.get(kinds.get(slot).ordinal());
                if (!pile.contains(numbers[slot])) pile.add(numbers[slot]);
            }
            if (lasting[step.out] || firstWrite(step.out) != at) continue;
            int kind = kinds.get(step.out).ordinal();
            List<Integer> pile = free.get(kind);
            numbers[step.out] = pile.isEmpty() ? used[kind]++ : pile.removeLast();
        }
        return numbers;
    }

    /**
     * Returns the operands of a program of one step whose operands and result have the same types in memory as in
     * registers.
     */
    private int @Nullable [] sources(Program program) {
        if (steps.length != 1 || outputs.length != 1 || outputs[0].slot != steps[0].out) return null;
        if (!isRegister(outputs[0].dtype)) return null;
        int[] operands = {steps[0].a, steps[0].b, steps[0].c};
        int[] found = new int[operands.length];
        for (int k = 0; k < found.length; k++) {
            found[k] = Integer.MIN_VALUE;
            for (int i = 0; i < inputs.length; i++) {
                if (inputs[i].slot == operands[k] && isRegister(program.inputs().get(i))) found[k] = i;
            }
            for (int i = 0; i < fixed.length; i++) if (fixed[i].slot == operands[k]) found[k] = -1 - i;
            if (found[k] == Integer.MIN_VALUE) return null;
        }
        return found;
    }

    private int input(Program program) {
        if (outputs.length != 1 || !isRegister(outputs[0].dtype)) return -1;
        for (int i = 0; i < inputs.length; i++) {
            if (inputs[i].slot == outputs[0].slot && isRegister(program.inputs().get(i))) return i;
        }
        return -1;
    }

    private static boolean isRegister(Dtype dtype) {
        return dtype == Dtype.FLOAT32 || dtype == Dtype.FLOAT64 || dtype == Dtype.INT64;
    }

    /**
     * Runs code of one step at once on a few elements in memory.
     *
     * @param out memory, or a register; {@code n} elements are written from {@code o} on
     * @return whether it could: the code is such
     */
    boolean runSmall(Object out, int o, Strided[] ins, long[] scalars, int n) {
        int[] from = sources;
        if (from == null) return false;
        steps[0].choose(n)
                .run(
                        out,
                        o,
                        array(from[0], ins, scalars, n),
                        offset(from[0], ins),
                        array(from[1], ins, scalars, n),
                        offset(from[1], ins),
                        array(from[2], ins, scalars, n),
                        offset(from[2], ins),
                        n);
        return true;
    }

    private Object array(int source, Strided[] ins, long[] scalars, int n) {
        if (source >= 0) {
            Object memory = ins[source].storage().memory();
            Layout layout = ins[source].layout();
            if (layout.isContiguous()) return memory;
            Object register = register(Registers.mine(), inputs[source].slot);
            StridedIterator.of(layout).load(inputs[source].elements, memory, 0, register, n);
            return register;
        }
        Fixed f = fixed[-1 - source];
        Object register = register(Registers.mine(), f.slot);
        DtypeConversions.fill(register, n, f.dtype, f.scalar < 0 ? f.bits : scalars[f.scalar]);
        return register;
    }

    private static int offset(int source, Strided[] ins) {
        if (source < 0) return 0;
        Layout layout = ins[source].layout();
        return layout.isContiguous() ? (int) layout.offset() : 0;
    }

    /** Returns the plan that reduces the output to results of a dtype, cached for each kind of reduction. */
    Accumulators.Plan plan(Reduction kind, Dtype result, LoopKernels kernels) {
        Accumulators.Plan known = plans[kind.ordinal()];
        if (known != null && known.result() == result) return known;
        return plans[kind.ordinal()] = Accumulators.Plan.of(kind, outputs[0].dtype, result, kernels);
    }

    int slots() {
        return registers.length;
    }

    RegisterType kind(int slot) {
        return kinds.get(slot);
    }

    /** Returns the register of a slot among those of a thread. */
    Object register(Registers mine, int slot) {
        return mine.get(kinds.get(slot), registers[slot]);
    }
}
