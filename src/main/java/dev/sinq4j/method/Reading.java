package dev.sinq4j.method;

import dev.sinq4j.method.Resolution.Accepted;
import dev.sinq4j.method.Resolution.Refusal;
import dev.sinq4j.method.Resolution.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A request while it is read: gives each setting or its default, and keeps every reason to refuse. */
final class Reading {

    static final int DEFAULT_GROUP = 64;

    private final MethodRequest request;
    private final List<Refusal> refusals = new ArrayList<>();

    /** Refuses the options the method lacks; one that is switched off is as good as absent. */
    Reading(MethodRequest request, MethodFacts facts) {
        this.request = request;
        for (MethodOption option : MethodOption.values()) {
            Object value = request.options().get(option);
            if (value == null || value.equals(false) || facts.options().contains(option)) continue;
            refuse(option.key(), facts.name() + " has no such setting; " + option.owners());
        }
    }

    MethodRequest request() {
        return request;
    }

    void refuse(String field, @Nullable String reason) {
        if (reason != null) refusals.add(new Refusal(field, reason));
    }

    /** @param rule gives the reason of a refusal, or null */
    int bits(int fallback, IntFunction<@Nullable String> rule) {
        int bits = orElse(request.bits(), fallback);
        refuse("bits", rule.apply(bits));
        return bits;
    }

    int bits(int fallback) {
        return bits(fallback, MethodRules::refuseBits);
    }

    /** The bits a method always has. */
    void onlyBits(int bits, String why) {
        if (request.bits() != null && request.bits() != bits) refuse("bits", why + ", not " + request.bits());
    }

    void refuseGiven(String field, @Nullable Object given, String why) {
        if (given != null) refuse(field, why);
    }

    int group() {
        return group(DEFAULT_GROUP);
    }

    int group(int fallback) {
        int group = orElse(request.group(), fallback);
        refuse("group", MethodRules.refuseGroup(group));
        return group;
    }

    AuxPrecision aux(AuxPrecision fallback) {
        return orElse(request.aux(), fallback);
    }

    /** @param otherwise what to say of 8-bit scales */
    AuxPrecision auxButInt8(String otherwise) {
        AuxPrecision aux = aux(AuxPrecision.FP16);
        if (aux == AuxPrecision.INT8) refuse("aux", otherwise);
        return aux;
    }

    Tiling tiling() {
        return orElse(request.tiling(), Tiling.ONE_D);
    }

    /** @param why says so where 2D tiles are asked for */
    void oneDimensional(String why) {
        if (request.tiling() == Tiling.TWO_D) refuse("tiling", why);
    }

    boolean isOn(MethodOption option) {
        return isOn(option, false);
    }

    boolean isOn(MethodOption option, boolean fallback) {
        return request.options().getOrDefault(option, fallback).equals(true);
    }

    double number(MethodOption option, double fallback) {
        return ((Number) request.options().getOrDefault(option, fallback)).doubleValue();
    }

    @Nullable
    Double number(MethodOption option) {
        return request.options().get(option) instanceof Number number ? (Double) number.doubleValue() : null;
    }

    long whole(MethodOption option, long fallback) {
        return (long) request.options().getOrDefault(option, fallback);
    }

    Resolution orAccept(Supplier<Method> method) {
        return refusals.isEmpty() ? new Accepted(method.get()) : new Refused(refusals);
    }

    private static <T> T orElse(@Nullable T value, T otherwise) {
        return value != null ? value : otherwise;
    }
}
