package dev.cotangent.emulator.ptx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads modules as NVRTC and nvcc write them: a statement per line, declarations before instructions. */
final class PtxParser {
    private static final Pattern COMMENT = Pattern.compile("//[^\n]*|/\\*.*?\\*/", Pattern.DOTALL);
    private static final Pattern ENTRY = Pattern.compile("\\.entry\\s+([\\w$]+)\\s*\\(?");
    private static final Pattern PARAMETER = Pattern.compile(
            "\\.param\\s+(?:\\.align\\s+(\\d+)\\s+)?\\.(\\w+)(?:\\s+\\.ptr[^,)]*?)?\\s+([\\w$]+)(?:\\[(\\d+)])?");
    private static final Pattern VARIABLE =
            Pattern.compile("\\.(shared|local)\\s+(?:\\.align\\s+(\\d+)\\s+)?\\.(\\w+)\\s+([\\w$]+)(?:\\[(\\d*)])?");
    private static final Pattern LABEL = Pattern.compile("([\\w$]+):");

    private final List<String> statements = new ArrayList<>();
    private final Map<String, Long> shared = new HashMap<>();
    private int sharedBytes;

    PtxParser(String text) {
        // Statements end with a semicolon; braces, labels and directives stand alone.
        String clean = COMMENT.matcher(text).replaceAll(" ");
        StringBuilder statement = new StringBuilder();
        int parentheses = 0;
        int braces = 0;
        for (int i = 0; i < clean.length(); i++) {
            char c = clean.charAt(i);
            if (c == '(') parentheses++;
            if (c == ')') parentheses--;
            boolean vector = c == '{' && !statement.toString().isBlank() && isInstruction(statement);
            if (vector) braces++;
            boolean ends = c == ';' || parentheses == 0 && braces == 0 && (c == '{' || c == '}');
            if (c == '}' && braces > 0) {
                braces--;
                ends = false;
            }
            if (!ends) {
                statement.append(c == '\n' || c == '\t' ? ' ' : c);
                if (c == ':' && LABEL.matcher(statement.toString().strip()).matches()) {
                    add(statement);
                }
                continue;
            }
            add(statement);
            if (c != ';') statements.add(String.valueOf(c));
        }
        add(statement);
    }

    /** Returns whether a brace after this text begins a vector operand. */
    private static boolean isInstruction(StringBuilder text) {
        String t = text.toString().strip();
        return !t.startsWith(".") && !t.endsWith(")");
    }

    private void add(StringBuilder statement) {
        String text = statement.toString().strip().replaceAll("\\s+", " ");
        if (!text.isEmpty()) statements.add(text);
        statement.setLength(0);
    }

    Map<String, PtxKernel> kernels() {
        Map<String, PtxKernel> all = new LinkedHashMap<>();
        for (int i = 0; i < statements.size(); i++) {
            String s = statements.get(i);
            Matcher entry = ENTRY.matcher(s);
            if (entry.find()) {
                i = kernel(entry.group(1), s, i, all);
            } else if (s.contains(".shared")) {
                declareShared(s);
            } else if (s.contains(".func")) {
                throw new PtxException("device functions are not supported: " + s);
            }
        }
        return all;
    }

    private void declareShared(String s) {
        Matcher v = VARIABLE.matcher(s);
        if (!v.find()) throw new PtxException("not understood: " + s);
        sharedBytes = aligned(sharedBytes, v.group(2) == null ? 1 : Integer.parseInt(v.group(2)));
        shared.put(v.group(4), (long) sharedBytes);
        if (v.group(5) == null || !v.group(5).isEmpty()) {
            sharedBytes += size(v.group(3)) * (v.group(5) == null ? 1 : Integer.parseInt(v.group(5)));
        }
    }

    private static int aligned(int at, int alignment) {
        return (at + alignment - 1) / alignment * alignment;
    }

    private static int size(String type) {
        Type t = Type.of(type);
        if (t == null) throw new PtxException("the type ." + type + " is not known");
        return t.bytes();
    }

    /** Reads a kernel; returns the index of its last statement. */
    private int kernel(String name, String header, int at, Map<String, PtxKernel> all) {
        // Variables that were declared in other kernels are not this one's.
        int sharedBefore = sharedBytes;
        Map<String, Long> sharedNames = new HashMap<>(shared);
        Registers registers = new Registers();
        Map<String, Long> symbols = new HashMap<>();
        List<Integer> sizes = new ArrayList<>();
        List<Integer> offsets = new ArrayList<>();
        int parameters = 0;
        Matcher p = PARAMETER.matcher(header);
        while (p.find()) {
            int element = size(p.group(2));
            int bytes = element * (p.group(4) == null ? 1 : Integer.parseInt(p.group(4)));
            parameters = aligned(parameters, p.group(1) == null ? element : Integer.parseInt(p.group(1)));
            symbols.put(p.group(3), (long) parameters);
            sizes.add(bytes);
            offsets.add(parameters);
            parameters += bytes;
        }
        int i = at + 1;
        while (!statements.get(i).equals("{")) i++;
        int depth = 0;
        int local = 0;
        Map<String, Integer> labels = new HashMap<>();
        List<String> body = new ArrayList<>();
        for (; i < statements.size(); i++) {
            String s = statements.get(i);
            if (s.equals("{")) depth++;
            else if (s.equals("}")) {
                if (--depth == 0) break;
            } else if (s.startsWith(".local")) {
                Matcher v = VARIABLE.matcher(s);
                if (!v.find()) throw new PtxException("not understood: " + s);
                local = aligned(local, v.group(2) == null ? 1 : Integer.parseInt(v.group(2)));
                symbols.put(v.group(4), (long) local);
                local += size(v.group(3)) * Integer.parseInt(v.group(5));
            } else if (s.startsWith(".shared")) {
                declareShared(s);
            } else if (s.startsWith(".")) {
                // Registers are declared by use; what remains concerns the assembler.
                continue;
            } else if (LABEL.matcher(s).matches()) {
                labels.put(s.substring(0, s.length() - 1), body.size());
            } else {
                body.add(s);
            }
        }
        symbols.putAll(shared);
        InstructionReader reader = new InstructionReader(registers, symbols, labels);
        List<Instruction> code = new ArrayList<>();
        for (String s : body) code.add(read(reader, name, s));
        code.add(read(reader, name, "exit"));
        all.put(name, new PtxKernel(name, sizes, offsets, parameters, sharedBytes, local, code, registers));
        sharedBytes = sharedBefore;
        shared.clear();
        shared.putAll(sharedNames);
        return i;
    }

    private static Instruction read(InstructionReader reader, String kernel, String text) {
        try {
            return reader.read(text);
        } catch (PtxException e) {
            throw new PtxException(kernel + ": " + text + ": " + e.getMessage());
        }
    }

    /** Returns a number of PTX's syntax as a register's bits, or null if the text is none. */
    static @Nullable Long number(String text, @Nullable Type type) {
        if (text.startsWith("0f") || text.startsWith("0F")) return Long.parseLong(text.substring(2), 16);
        if (text.startsWith("0d") || text.startsWith("0D")) return Long.parseUnsignedLong(text.substring(2), 16);
        String digits = text.startsWith("-") ? text.substring(1) : text;
        if (digits.endsWith("U")) digits = digits.substring(0, digits.length() - 1);
        if (digits.isEmpty() || !Character.isDigit(digits.charAt(0))) return null;
        long value = digits.startsWith("0x")
                ? Long.parseUnsignedLong(digits.substring(2), 16)
                : Long.parseUnsignedLong(digits);
        if (text.startsWith("-")) value = -value;
        return type == null ? value : type.register(value);
    }
}
