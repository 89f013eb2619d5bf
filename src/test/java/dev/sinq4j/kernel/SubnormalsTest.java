package dev.sinq4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SubnormalsTest {

    @Test
    void aCodeInAWordOfZerosIsASubnormalNumberThatMultipliesExactly() {
        for (int code = 0; code < 256; code++)
            for (int shift = 0; shift <= 15; shift++) {
                float subnormal = Float.intBitsToFloat(code << shift);
                assertEquals(code * 3f, subnormal * (3f * 0x1p96f * Math.scalb(1f, -shift)) * 0x1p53f);
            }
    }
}
