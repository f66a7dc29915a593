package dev.cotangent.tests.golden;

import dev.cotangent.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Computes formulas written as in Python, {@code h = tanh(x @ w1.T + b1); loss = mean((h - y)^2)}: assignments,
 * operators, calls of functions, methods and properties of tensors. Words that say nothing new may follow.
 */
final class Formula {
    private static final Pattern TOKEN = Pattern.compile("\\s*(?:(\\d+(?:\\.\\d*)?(?:[eE][-+]?\\d+)?|\\.\\d+)"
            + "|([A-Za-z_]\\w*)|'([^']*)'|\"([^\"]*)\"|(\\*\\*|//|.))");
    private static final Pattern ASSIGNMENT = Pattern.compile("\\s*([A-Za-z_]\\w*)\\s*=(?!=)(.*)", Pattern.DOTALL);
    private static final Pattern ALL_DATA =
            Pattern.compile("\\s*the full (data ?set|batch)( \\([^)]*\\))? (at|in) every step\\.?\\s*");
    private static final Pattern IDLE_WORDS = Pattern.compile("\\s*(over|of) (all|the) (elements|rows|batch)\\.?\\s*");

    private static final Set<String> MODULES = Set.of("F", "torch", "nn", "functional", "special", "linalg");

    private final Calls calls;
    private final Map<String, Object> variables;
    private final String text;
    private final Matcher lexer;
    private int at;
    private String kind = "";
    private String token = "";

    private Formula(Calls calls, Map<String, Object> variables, String text) {
        this.calls = calls;
        this.variables = variables;
        this.text = text;
        this.lexer = TOKEN.matcher(text);
        advance();
    }

    /** Carries out all assignments; {@link NotOffered} where the text is something else. */
    static void run(String text, Calls calls, Map<String, Object> variables) {
        for (String part : text.split("[;\\n]")) {
            if (part.isBlank() || ALL_DATA.matcher(part).matches()) continue;
            Matcher m = ASSIGNMENT.matcher(part);
            if (!m.matches()) throw new NotOffered("cannot read: " + part);
            Formula f = new Formula(calls, variables, m.group(2));
            Object value = f.sum();
            if (value == null
                    || !f.kind.isEmpty() && !IDLE_WORDS.matcher(f.rest()).matches()) {
                throw new NotOffered("cannot read the end of: " + part);
            }
            variables.put(m.group(1), value);
        }
    }

    private String rest() {
        return text.substring(at);
    }

    private void advance() {
        at = lexer.hitEnd() && kind.isEmpty() && at > 0 ? text.length() : at;
        int from = lexer.hasMatch() ? lexer.end() : 0;
        if (from >= text.length() || text.substring(from).isBlank() || !lexer.find(from)) {
            at = text.length();
            kind = "";
            token = "";
            return;
        }
        at = from;
        for (int g = 1; g <= 5; g++) {
            if (lexer.group(g) == null) continue;
            kind = List.of("number", "name", "text", "text", "sign").get(g - 1);
            token = lexer.group(g);
        }
    }

    private boolean take(String sign) {
        if (!kind.equals("sign") || !token.equals(sign)) return false;
        advance();
        return true;
    }

    private void expect(String sign) {
        if (!take(sign)) throw new NotOffered("cannot read: expected " + sign + " before " + rest());
    }

    private @Nullable Object sum() {
        Object left = product();
        while (true) {
            if (take("+")) left = operate("add", left, product());
            else if (take("-")) left = operate("sub", left, product());
            else return left;
        }
    }

    private @Nullable Object product() {
        Object left = signed();
        while (true) {
            if (take("*")) left = operate("mul", left, signed());
            else if (take("/")) left = operate("div", left, signed());
            else if (take("@")) left = operate("matmul", left, signed());
            else return left;
        }
    }

    private @Nullable Object signed() {
        return take("-") ? operate("mul", -1L, signed()) : power();
    }

    private @Nullable Object power() {
        Object base = postfix();
        return take("^") || take("**") ? operate("pow", base, signed()) : base;
    }

    private @Nullable Object operate(String op, @Nullable Object a, @Nullable Object b) {
        if (a instanceof Number x && b instanceof Number y) return ofNumbers(op, x, y);
        if (a instanceof Number) return calls.torch("__r" + op + "__", b, a);
        return calls.torch(op, a, b);
    }

    private static Number ofNumbers(String op, Number x, Number y) {
        double a = x.doubleValue();
        double b = y.doubleValue();
        double value = switch (op) {
            case "add" -> a + b;
            case "sub" -> a - b;
            case "mul" -> a * b;
            case "div" -> a / b;
            default -> Math.pow(a, b);
        };
        boolean whole = x instanceof Long && y instanceof Long && value == Math.rint(value) && !op.equals("div");
        return whole ? (Number) (long) value : (Number) value;
    }

    private @Nullable Object postfix() {
        Object value = atom();
        while (take(".")) {
            String name = name();
            boolean method = kind.equals("sign") && token.equals("(");
            value = method ? call(name, value) : calls.torch(name, value);
        }
        return value;
    }

    private String name() {
        if (!kind.equals("name")) throw new NotOffered("cannot read: expected a name before " + rest());
        String name = token;
        advance();
        return name;
    }

    private @Nullable Object atom() {
        switch (kind) {
            case "number" -> {
                String n = token;
                advance();
                return n.matches("\\d+") ? (Object) Long.valueOf(n) : (Object) Double.valueOf(n);
            }
            case "text" -> {
                String s = token;
                advance();
                return s;
            }
            case "name" -> {
                String name = name();
                while (MODULES.contains(name) && take(".")) name = name();
                if (kind.equals("sign") && token.equals("(")) return call(name, null);
                return switch (name) {
                    case "True" -> true;
                    case "False" -> false;
                    case "None" -> null;
                    default -> variable(name);
                };
            }
            default -> {
                return take("[") ? items("]") : parenthesised();
            }
        }
    }

    private Object variable(String name) {
        Object value = variables.get(name);
        if (value == null) throw new NotOffered("cannot read: nothing is called " + name);
        return value;
    }

    private @Nullable Object parenthesised() {
        expect("(");
        Object first = sum();
        if (take(")")) return first;
        expect(",");
        List<@Nullable Object> all = new ArrayList<>();
        all.add(first);
        all.addAll(items(")"));
        return new Arg.Tuple(all);
    }

    private List<@Nullable Object> items(String end) {
        List<@Nullable Object> out = new ArrayList<>();
        while (!take(end)) {
            out.add(sum());
            if (!take(",")) {
                expect(end);
                break;
            }
        }
        return out;
    }

    private static final Pattern KEYWORD = Pattern.compile("\\s*=(?!=)");

    private @Nullable Object call(String function, @Nullable Object self) {
        expect("(");
        List<@Nullable Object> args = new ArrayList<>();
        Map<String, @Nullable Object> kwargs = new LinkedHashMap<>();
        if (self != null) args.add(self);
        while (!take(")")) {
            boolean keyword = kind.equals("name")
                    && KEYWORD.matcher(text).region(lexer.end(), text.length()).lookingAt();
            if (keyword) {
                String name = name();
                expect("=");
                kwargs.put(name, sum());
            } else {
                args.add(sum());
            }
            if (!take(",")) {
                expect(")");
                break;
            }
        }
        Object result = calls.call(function.equals("where") ? "torch.where" : function, args, kwargs);
        return result instanceof Tensor ? result : Comparison.tensors(result).getFirst();
    }
}
