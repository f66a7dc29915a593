package dev.cotangent;

import java.math.BigDecimal;

/**
 * A complex number, PyTorch's and Python's {@code complex}: an operand or a literal like any other number. Immutable;
 * equal if both parts are. Methods of {@link Number} return the real part if the imaginary part is 0, and throw
 * otherwise, so that no imaginary part is dropped unseen.
 */
public final class Complex extends Number {
    private static final long serialVersionUID = 1;

    /** The imaginary unit. */
    public static final Complex I = new Complex(0, 1);

    private final double re;
    private final double im;

    private Complex(double re, double im) {
        this.re = re;
        this.im = im;
    }

    /** Returns a complex number of its parts, Python's {@code complex(re, im)}. */
    public static Complex of(double re, double im) {
        return new Complex(re, im);
    }

    /** Returns a complex number of its absolute value and angle in radians, Python's {@code cmath.rect}. */
    public static Complex polar(double abs, double angle) {
        return new Complex(abs * Math.cos(angle), abs * Math.sin(angle));
    }

    /** Returns the real part of a number. */
    public static double re(Number number) {
        return number instanceof Complex c ? c.re : number.doubleValue();
    }

    /** Returns the imaginary part of a number, 0 unless it is complex. */
    public static double im(Number number) {
        return number instanceof Complex c ? c.im : 0;
    }

    /** Returns the real part. */
    public double re() {
        return re;
    }

    /** Returns the imaginary part. */
    public double im() {
        return im;
    }

    /** Returns the conjugate. */
    public Complex conj() {
        return new Complex(re, -im);
    }

    /** Returns the absolute value. */
    public double abs() {
        return Math.hypot(re, im);
    }

    /** Returns the angle in radians, from -pi to pi. */
    public double angle() {
        return Math.atan2(im, re);
    }

    private double real(String type) {
        if (im == 0) return re;
        throw new CotangentException("value cannot be converted to type " + type + " without overflow: " + this);
    }

    @Override
    public double doubleValue() {
        return real("double");
    }

    @Override
    public float floatValue() {
        return (float) real("float");
    }

    @Override
    public long longValue() {
        return (long) real("int64_t");
    }

    @Override
    public int intValue() {
        return (int) real("int");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Complex c && Double.compare(re, c.re) == 0 && Double.compare(im, c.im) == 0;
    }

    @Override
    public int hashCode() {
        return 31 * Double.hashCode(re) + Double.hashCode(im);
    }

    /** Returns Python's text, such as {@code (1+2j)}. */
    @Override
    public String toString() {
        String imaginary = text(im) + "j";
        boolean isNegative = imaginary.startsWith("-");
        if (re == 0 && 1 / re > 0) return imaginary;
        return "(" + text(re) + (isNegative ? "" : "+") + imaginary + ")";
    }

    private static String text(double x) {
        if (Double.isNaN(x)) return "nan";
        if (Double.isInfinite(x)) return x > 0 ? "inf" : "-inf";
        boolean isWhole = x == Math.rint(x) && Math.abs(x) < 1e16;
        if (isWhole) return (x == 0 && 1 / x < 0 ? "-" : "") + (long) x;
        String digits = Double.toString(x);
        int e = digits.indexOf('E');
        if (e < 0) return digits;
        int exponent = Integer.parseInt(digits.substring(e + 1));
        if (exponent >= -4 && exponent < 16) return new BigDecimal(digits).toPlainString();
        String mantissa = digits.substring(0, e);
        if (mantissa.endsWith(".0")) mantissa = mantissa.substring(0, mantissa.length() - 2);
        String size = Integer.toString(Math.abs(exponent));
        return mantissa + (exponent < 0 ? "e-" : "e+") + (size.length() < 2 ? "0" : "") + size;
    }
}
