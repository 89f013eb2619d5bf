package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Exponential.DEGREE_2;
import static dev.sinq4j.kernel.vector.Exponential.DEGREE_3;
import static dev.sinq4j.kernel.vector.Exponential.DEGREE_4;
import static dev.sinq4j.kernel.vector.Exponential.DEGREE_5;
import static dev.sinq4j.kernel.vector.Exponential.DEGREE_6;
import static dev.sinq4j.kernel.vector.Exponential.DEGREE_7;
import static dev.sinq4j.kernel.vector.Exponential.HIGHEST;
import static dev.sinq4j.kernel.vector.Exponential.LN2_HIGH;
import static dev.sinq4j.kernel.vector.Exponential.LN2_LOW;
import static dev.sinq4j.kernel.vector.Exponential.LOG2_E;
import static dev.sinq4j.kernel.vector.Exponential.LOWEST;
import static dev.sinq4j.kernel.vector.Exponential.ROUNDER;
import static dev.sinq4j.kernel.vector.Lanes.F;
import static dev.sinq4j.kernel.vector.Lanes.GREATER;
import static dev.sinq4j.kernel.vector.Lanes.HALVES;
import static dev.sinq4j.kernel.vector.Lanes.L;
import static dev.sinq4j.kernel.vector.Lanes.LESS;
import static dev.sinq4j.kernel.vector.Lanes.NEIGHBOURS;
import static dev.sinq4j.kernel.vector.Lanes.PAIRS;
import static dev.sinq4j.kernel.vector.Lanes.QUARTERS;
import static dev.sinq4j.kernel.vector.Lanes.SHL;

import jdk.incubator.vector.FloatVector;

/** The operations between the matrix products, each a pass over part of an array. */
final class Elementwise {

    /** Of {@link #geGlu}: twice sqrt(2 / pi), and that times 0.044715. */
    private static final float GELU_A = 1.5957692f;

    private static final float GELU_B = 0.071354814f;

    private Elementwise() {}

    /** One vector of {@code width} numbers; the mean square is accumulated in fp32 lanes. */
    static void rmsNorm(float[] x, int at, int width, float[] weight, float eps, float[] out) {
        float factor = (float) (1 / Math.sqrt(squares(x, at, width) / width + eps));
        int i = 0;
        for (; i <= width - L; i += L)
            FloatVector.fromArray(F, x, at + i)
                    .mul(factor)
                    .mul(FloatVector.fromArray(F, weight, i))
                    .intoArray(out, at + i);
        for (; i < width; i++) out[at + i] = x[at + i] * factor * weight[i];
    }

    private static float squares(float[] x, int at, int width) {
        FloatVector a = FloatVector.zero(F);
        FloatVector b = FloatVector.zero(F);
        int i = 0;
        for (; i <= width - 2 * L; i += 2 * L) {
            FloatVector p = FloatVector.fromArray(F, x, at + i);
            FloatVector q = FloatVector.fromArray(F, x, at + i + L);
            a = p.fma(p, a);
            b = q.fma(q, b);
        }
        FloatVector total = a.add(b);
        if (L > 8) total = total.add(total.rearrange(HALVES));
        if (L > 4) total = total.add(total.rearrange(QUARTERS));
        total = total.add(total.rearrange(PAIRS));
        float sum = total.add(total.rearrange(NEIGHBOURS)).lane(0);
        for (; i < width; i++) sum += x[at + i] * x[at + i];
        return sum;
    }

    /** Pairs (i, i + half) of one head. */
    static void rotate(float[] x, int at, int half, float[] cos, float[] sin, int angle) {
        int i = 0;
        for (; i <= half - L; i += L) {
            FloatVector a = FloatVector.fromArray(F, x, at + i);
            FloatVector b = FloatVector.fromArray(F, x, at + half + i);
            FloatVector c = FloatVector.fromArray(F, cos, angle + i);
            FloatVector s = FloatVector.fromArray(F, sin, angle + i);
            a.mul(c).sub(b.mul(s)).intoArray(x, at + i);
            b.mul(c).add(a.mul(s)).intoArray(x, at + half + i);
        }
        for (; i < half; i++) {
            float a = x[at + i];
            float b = x[at + half + i];
            x[at + i] = a * cos[angle + i] - b * sin[angle + i];
            x[at + half + i] = b * cos[angle + i] + a * sin[angle + i];
        }
    }

    /** {@code x += y}. */
    static void add(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) x[i] += y[i];
    }

    /** {@code gate = gate / (1 + exp(-gate)) * up}. */
    static void swiGlu(float[] gate, float[] up, int from, int to) {
        FloatVector one = FloatVector.broadcast(F, 1);
        int i = from;
        for (; i <= to - L; i += L) {
            FloatVector g = FloatVector.fromArray(F, gate, i);
            FloatVector x = g.neg();
            x = x.blend(LOWEST, x.compare(LESS, LOWEST));
            x = x.blend(HIGHEST, x.compare(GREATER, HIGHEST));
            FloatVector n = x.fma(FloatVector.broadcast(F, LOG2_E), FloatVector.broadcast(F, ROUNDER));
            FloatVector whole = n.sub(ROUNDER);
            FloatVector f = whole.fma(FloatVector.broadcast(F, -LN2_HIGH), x);
            f = whole.fma(FloatVector.broadcast(F, -LN2_LOW), f);
            FloatVector p = f.fma(FloatVector.broadcast(F, DEGREE_7), FloatVector.broadcast(F, DEGREE_6));
            p = p.fma(f, FloatVector.broadcast(F, DEGREE_5));
            p = p.fma(f, FloatVector.broadcast(F, DEGREE_4));
            p = p.fma(f, FloatVector.broadcast(F, DEGREE_3));
            p = p.fma(f, FloatVector.broadcast(F, DEGREE_2));
            p = p.fma(f, one).fma(f, one);
            FloatVector e = p.reinterpretAsInts()
                    .add(n.reinterpretAsInts().lanewise(SHL, 23))
                    .reinterpretAsFloats();
            g.div(e.add(one)).mul(FloatVector.fromArray(F, up, i)).intoArray(gate, i);
        }
        for (; i < to; i++) gate[i] = (float) (gate[i] / (1 + Math.exp(-gate[i])) * up[i]);
    }

    /**
     * {@code gate = gelu(gate) * up}. The tanh approximation is a sigmoid of twice its argument:
     * {@code gelu(x) = x / (1 + exp(-x (A + B x^2)))}.
     */
    static void geGlu(float[] gate, float[] up, int from, int to) {
        FloatVector one = FloatVector.broadcast(F, 1);
        int i = from;
        for (; i <= to - L; i += L) {
            FloatVector g = FloatVector.fromArray(F, gate, i);
            FloatVector x = g.mul(g)
                    .fma(FloatVector.broadcast(F, -GELU_B), FloatVector.broadcast(F, -GELU_A))
                    .mul(g);
            x = x.blend(LOWEST, x.compare(LESS, LOWEST));
            x = x.blend(HIGHEST, x.compare(GREATER, HIGHEST));
            FloatVector n = x.fma(FloatVector.broadcast(F, LOG2_E), FloatVector.broadcast(F, ROUNDER));
            FloatVector whole = n.sub(ROUNDER);
            FloatVector f = whole.fma(FloatVector.broadcast(F, -LN2_HIGH), x);
            f = whole.fma(FloatVector.broadcast(F, -LN2_LOW), f);
            FloatVector p = f.fma(FloatVector.broadcast(F, DEGREE_7), FloatVector.broadcast(F, DEGREE_6));
            p = p.fma(f, FloatVector.broadcast(F, DEGREE_5));
            p = p.fma(f, FloatVector.broadcast(F, DEGREE_4));
            p = p.fma(f, FloatVector.broadcast(F, DEGREE_3));
            p = p.fma(f, FloatVector.broadcast(F, DEGREE_2));
            p = p.fma(f, one).fma(f, one);
            FloatVector e = p.reinterpretAsInts()
                    .add(n.reinterpretAsInts().lanewise(SHL, 23))
                    .reinterpretAsFloats();
            g.div(e.add(one)).mul(FloatVector.fromArray(F, up, i)).intoArray(gate, i);
        }
        for (; i < to; i++) {
            double x = gate[i];
            gate[i] = (float) (x / (1 + Math.exp(-x * (GELU_A + GELU_B * x * x))) * up[i]);
        }
    }

    /** See {@link dev.sinq4j.kernel.Kernels#xielu}. */
    static void xielu(float[] x, int from, int to, float p, float n, float beta, float eps) {
        FloatVector one = FloatVector.broadcast(F, 1);
        int i = from;
        for (; i <= to - L; i += L) {
            FloatVector v = FloatVector.fromArray(F, x, i);
            FloatVector m = v.blend(eps, v.compare(GREATER, eps));
            m = m.blend(LOWEST, m.compare(LESS, LOWEST));
            FloatVector r = m.fma(FloatVector.broadcast(F, LOG2_E), FloatVector.broadcast(F, ROUNDER));
            FloatVector whole = r.sub(ROUNDER);
            FloatVector f = whole.fma(FloatVector.broadcast(F, -LN2_HIGH), m);
            f = whole.fma(FloatVector.broadcast(F, -LN2_LOW), f);
            FloatVector q = f.fma(FloatVector.broadcast(F, DEGREE_7), FloatVector.broadcast(F, DEGREE_6));
            q = q.fma(f, FloatVector.broadcast(F, DEGREE_5));
            q = q.fma(f, FloatVector.broadcast(F, DEGREE_4));
            q = q.fma(f, FloatVector.broadcast(F, DEGREE_3));
            q = q.fma(f, FloatVector.broadcast(F, DEGREE_2));
            q = q.fma(f, one).mul(f); // exp(f) - 1
            FloatVector power = one.reinterpretAsInts()
                    .add(r.reinterpretAsInts().lanewise(SHL, 23))
                    .reinterpretAsFloats();
            FloatVector expm1 = q.fma(power, power.sub(one));
            FloatVector linear = v.mul(beta);
            FloatVector negative = expm1.sub(v).mul(n).add(linear);
            FloatVector positive = v.mul(v).fma(FloatVector.broadcast(F, p), linear);
            positive.blend(negative, v.compare(LESS, Float.MIN_VALUE)).intoArray(x, i);
        }
        for (; i < to; i++) {
            double v = x[i];
            x[i] = (float) (v > 0 ? p * v * v + beta * v : n * (Math.expm1(Math.min(v, eps)) - v) + beta * v);
        }
    }
}
