package dev.sinq4j.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.method.Resolution.Accepted;
import dev.sinq4j.method.Resolution.Refusal;
import dev.sinq4j.method.Resolution.Refused;
import dev.sinq4j.method.SinqFamily.ActivationScale;
import dev.sinq4j.method.SinqFamily.Normalization;
import dev.sinq4j.method.SinqFamily.Rounding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MethodsTest {

    private static final Map<MethodOption, Object> ORDERED = Map.of(MethodOption.ACT_ORDER, true);

    @ParameterizedTest
    @MethodSource("names")
    void everyNameIsAMethodWithItsDefaults(String name) {
        Method method = Methods.of(MethodRequest.of(name));
        assertEquals(name, method.name());
    }

    static List<String> names() {
        return Methods.builtIn();
    }

    @Test
    void sinqStoresEightBitScalesUnlessToldOtherwise() {
        assertEquals(
                new SinqFamily(
                        "sinq",
                        3,
                        64,
                        Normalization.SINKHORN,
                        ActivationScale.NONE,
                        Rounding.UNIFORM_ASYMMETRIC,
                        Tiling.ONE_D,
                        AuxPrecision.INT8,
                        false),
                Methods.of(MethodRequest.of("sinq", 3, 64)));
        assertEquals(AuxPrecision.FP16, Methods.of(MethodRequest.of("sinq-nf4")).aux());
    }

    @Test
    void asinqNeedsCalibrationAndSinqDoesNot() {
        assertTrue(Methods.of(MethodRequest.of("asinq")).needsCalibration());
        assertEquals(false, Methods.of(MethodRequest.of("sinq")).needsCalibration());
    }

    @Test
    void gptqInTheOrderOfItsInputsHasStaticGroups() {
        assertEquals(new Gptq(4, 64, AuxPrecision.FP16, false, 0.01, false), Methods.of(MethodRequest.of("gptq")));
        Method ordered = Methods.of(new MethodRequest("gptq", 3, 128, null, null, ORDERED));
        assertEquals(new Gptq(3, 128, AuxPrecision.FP16, true, 0.01, true), ordered);
        assertTrue(ordered.sequentialCalibration());
    }

    @Test
    void aSettingAMethodLacksIsRefusedWithThoseThatHaveIt() {
        String lacks = "rtn has no such setting; only gptq and hadamard-gptq ";
        assertEquals(
                List.of(
                        new Refusal("act-order", lacks + "round one column after the other"),
                        new Refusal("damping", lacks + "have a Hessian")),
                refusals(new MethodRequest(
                        "rtn",
                        null,
                        null,
                        null,
                        null,
                        Map.of(MethodOption.ACT_ORDER, true, MethodOption.DAMPING, 0.1))));
    }

    @Test
    void aSettingThatIsSwitchedOffIsAsGoodAsAbsent() {
        Map<MethodOption, Object> off = Map.of(MethodOption.ACT_ORDER, false);
        assertEquals(
                Methods.of(MethodRequest.of("rtn")), Methods.of(new MethodRequest("rtn", null, null, null, null, off)));
    }

    @Test
    void settingsThatAreNotTheDefaultTellMethodsApart() {
        Method gptq = Methods.of(new MethodRequest(
                "hadamard-gptq",
                null,
                null,
                null,
                null,
                Map.of(MethodOption.ACT_ORDER, true, MethodOption.DAMPING, 0.05, MethodOption.ROTATION_SEED, 7L)));
        assertEquals(new Rotated(new Gptq(4, 64, AuxPrecision.FP16, true, 0.05, true), 7), gptq);
        assertEquals(
                Map.of(MethodOption.ACT_ORDER, true, MethodOption.DAMPING, 0.05, MethodOption.ROTATION_SEED, 7L),
                gptq.options());
        assertEquals(Map.of(), Methods.of(MethodRequest.of("hadamard-rtn")).options());
    }

    @Test
    void aValueOfAnotherKindIsRefused() {
        var error = assertThrows(
                IllegalArgumentException.class,
                () -> new MethodRequest("gptq", 4, 64, null, null, Map.of(MethodOption.DAMPING, 1.0)));
        assertEquals("damping: 1.0 is not a number from 0 to below 1", error.getMessage());
    }

    @Test
    void aBlockFormatHasTheGroupItHas() {
        assertEquals(new LlamaCpp(BlockFormat.Q3_K), Methods.of(MethodRequest.of("q3_k_s", 3, 16)));
        assertEquals(
                List.of(new Refusal("group", "q4_0 has a scale for every 32 weights, not 64")),
                refusals(MethodRequest.of("q4_0", 4, 64)));
        assertEquals(
                List.of(new Refusal("group", "96 is no power of two from 32 to 1024 (usual: 64)")),
                refusals(MethodRequest.of("bnb-fp4", 4, 96)));
    }

    @ParameterizedTest
    @CsvSource({"Q4_0,576,Q4_0", "Q4_0,172,F16", "Q3_K,1536,Q3_K", "Q3_K,576,IQ4_NL", "Q3_K,172,F16"})
    void rowsThatFillNoBlocksFallBackAsInLlamaQuantize(BlockFormat format, int columns, BlockFormat taken) {
        assertEquals(taken, format.fitting(columns));
    }

    @Test
    void awqClipsUnlessToldNotTo() {
        assertEquals(new Awq(4, 64, AuxPrecision.FP16, true), Methods.of(MethodRequest.of("awq")));
        Map<MethodOption, Object> off = Map.of(MethodOption.CLIP, false);
        Method unclipped = Methods.of(new MethodRequest("awq", 4, 64, null, null, off));
        assertEquals(new Awq(4, 64, AuxPrecision.FP16, false), unclipped);
        assertEquals(off, unclipped.options());
    }

    @Test
    void aRotationGoesWithPlainRoundingAlone() {
        Method sinq = Methods.of(MethodRequest.of("sinq"));
        assertThrows(IllegalArgumentException.class, () -> new Rotated(sinq, 0));
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyMethodTellsItsSourceAndItsOracle(String name) {
        MethodFacts facts = Methods.facts().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        for (String text : List.of(facts.does(), facts.source(), facts.oracle()))
            assertTrue(text.length() > 10, name + ": '" + text + "'");
    }

    @Test
    void noneTakesNoSettings() {
        assertEquals(new Dense(), Methods.of(MethodRequest.of("none")));
        assertEquals(
                List.of(new Refusal("group", "none has no groups; leave it out")),
                refusals(new MethodRequest("none", null, 64, null, null, Map.of())));
    }

    @ParameterizedTest
    @CsvSource({"asniq,asinq", "SINQ,sinq", "sinq_nf4,sinq-nf4", "rnt,rtn", "aqw,awq", "sinq-asymmetric,sinq-symmetric"
    })
    void aMisspeltNameIsRefusedWithTheNearest(String written, String meant) {
        assertEquals(
                List.of(new Refusal("method", "there is no method '" + written + "'; did you mean '" + meant + "'?")),
                refusals(MethodRequest.of(written)));
    }

    @Test
    void aNameNearNoneIsRefusedWithTheWholeList() {
        String reason =
                refusals(MethodRequest.of("quantize-it-please")).getFirst().reason();
        assertTrue(reason.endsWith("; there are " + String.join(", ", Methods.names())), reason);
    }

    @ParameterizedTest
    @CsvSource({
        "nf4,3,'NF4 has 16 levels, so bits must be 4, not 3'",
        "sinq-nf3,4,'NF3 has 8 levels, so bits must be 3, not 4'",
        "rtn-symmetric,2,'symmetric rounding uses codes 1 to 2^bits - 3, so bits must be 3 or more, not 2'",
        "bnb-nf4,3,'bnb-nf4 has 16 levels, so bits must be 4, not 3'",
        "q5_0,4,'q5_0 has codes of 5 bits, not 4'",
        "sinq,7,'7 bits have no container of their own; write 6 or 8'",
        "hqq,9,'9 is not one of 1, 2, 3, 4, 5, 6, 8'",
        "rtn,0,'0 is not one of 1, 2, 3, 4, 5, 6, 8'",
    })
    void bitsAMethodCannotHaveAreRefused(String name, int bits, String reason) {
        assertEquals(
                List.of(new Refusal("bits", reason)),
                refusals(new MethodRequest(name, bits, null, null, null, Map.of())));
    }

    @ParameterizedTest
    @ValueSource(ints = {-64, 0, 4, 60, 1032})
    void groupsAreMultiplesOfEightUpTo1024(int group) {
        assertEquals(
                List.of(new Refusal("group", group + " is not a multiple of 8 from 8 to 1024 (usual: 32, 64, 128)")),
                refusals(MethodRequest.of("sinq", 4, group)));
    }

    @Test
    void everyReasonIsNamedAtOnce() {
        var error = assertThrows(
                UsageFailure.class,
                () -> Methods.of(new MethodRequest(
                        "hqq", 7, 5, Tiling.TWO_D, AuxPrecision.INT8, Map.of(MethodOption.REFERENCE_EXACT, true))));
        assertEquals(
                "method 'hqq': reference-exact: hqq has no such setting; only methods of the SINQ reference have"
                    + " defects to reproduce; bits: 7 bits have no container of their own; write 6 or 8; group: 5 is"
                    + " not a multiple of 8 from 8 to 1024 (usual: 32, 64, 128); aux: the HQQ library has no 8-bit"
                    + " scales; write fp16 or fp32, or take reference-hqq; tiling: hqq has no tiles; leave it out, or"
                    + " take reference-hqq",
                error.getMessage());
    }

    @Test
    void anImpossibleCompositionCannotBeWrittenDown() {
        var error = assertThrows(
                IllegalArgumentException.class,
                () -> new SinqFamily(
                        "mine",
                        3,
                        64,
                        Normalization.SINKHORN,
                        ActivationScale.NONE,
                        Rounding.NF4,
                        Tiling.ONE_D,
                        AuxPrecision.FP16,
                        false));
        assertEquals("bits: NF4 has 16 levels, so bits must be 4, not 3", error.getMessage());
    }

    private static List<Refusal> refusals(MethodRequest request) {
        return switch (Methods.resolve(request)) {
            case Accepted accepted -> throw new AssertionError("accepted: " + accepted.method());
            case Refused refused -> refused.refusals();
        };
    }
}
