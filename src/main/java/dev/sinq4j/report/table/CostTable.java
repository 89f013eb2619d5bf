package dev.sinq4j.report.table;

import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Numerals;
import dev.sinq4j.report.table.Column.Spread.Between;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Memory;
import dev.sinq4j.results.Metrics.Quantization;
import dev.sinq4j.results.Metrics.Throughput;
import dev.sinq4j.statistics.Sample;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What each cell costs: speed, time to quantize, memory; with the weight error for comparison. */
final class CostTable {

    private final Cells cells;
    private final TableBuilder<CellResult> table;

    private CostTable(Cells cells) {
        this.cells = cells;
        this.table = new TableBuilder<>("cost", "Speed, time and memory", cells.measured());
    }

    static ReportTable of(Cells cells) {
        return new CostTable(cells).build();
    }

    private ReportTable build() {
        CellColumns.identify(table, cells);
        addSpeeds();
        addQuantization();
        addMemory();
        CellColumns.noteDevices(table, cells);
        return table.build(CellColumns::group);
    }

    private void addSpeeds() {
        Set<SpeedProtocol> protocols = new LinkedHashSet<>();
        for (CellResult cell : cells.measured())
            for (Throughput batch : batches(cell)) protocols.add(SpeedProtocol.of(cell, batch));
        List<SpeedProtocol> all = List.copyOf(protocols);
        boolean many = all.stream().map(SpeedProtocol::batch).distinct().count() > 1;
        Headings names = new Headings(all.stream()
                .map(protocol -> many ? "speed, batch " + protocol.batch() : "speed")
                .toList());
        for (int i = 0; i < all.size(); i++) {
            String suffix = names.key(i).substring("speed".length());
            String mark = names.title(i).substring("speed".length());
            addSpeed(
                    "prefill_tokens_per_second" + suffix,
                    "prefill (tokens/s)" + mark,
                    all.get(i),
                    Throughput::prefillTokensPerSecond);
            addSpeed(
                    "decode_tokens_per_second" + suffix,
                    "decode (tokens/s)" + mark,
                    all.get(i),
                    Throughput::decodeTokensPerSecond);
            table.note("Speed" + mark + ": " + all.get(i) + "; median and range of the repetitions.");
        }
    }

    private static List<Throughput> batches(CellResult cell) {
        Throughput throughput = cell.metrics().throughput();
        return throughput == null ? List.of() : throughput.everyBatch();
    }

    /** What speeds of a column have in common. */
    private record SpeedProtocol(int promptTokens, int generateTokens, int batch, String device) {

        static SpeedProtocol of(CellResult cell, Throughput throughput) {
            return new SpeedProtocol(
                    throughput.promptTokens(),
                    throughput.generateTokens(),
                    throughput.batch(),
                    CellColumns.device(cell.provenance()));
        }

        @Override
        public String toString() {
            return "prompt of " + promptTokens + " tokens, " + generateTokens + " generated, batch " + batch
                    + (batch == 1 ? "" : ", tokens of all sequences counted") + "; " + device;
        }
    }

    private void addSpeed(
            String key, String heading, SpeedProtocol protocol, Function<Throughput, List<Double>> samples) {
        table.number(
                Column.number(key, heading, value -> Numerals.significant(value, 3))
                        .better(Better.HIGHER)
                        .with(new Between(key + "_min", key + "_max")),
                cell -> of(cell, protocol, samples, Sample::median));
        table.numberData(key + "_min", cell -> of(cell, protocol, samples, Sample::min));
        table.numberData(key + "_max", cell -> of(cell, protocol, samples, Sample::max));
    }

    private static @Nullable Double of(
            CellResult cell,
            SpeedProtocol protocol,
            Function<Throughput, List<Double>> samples,
            Function<Sample, Double> value) {
        for (Throughput batch : batches(cell)) {
            List<Double> measured = samples.apply(batch);
            if (SpeedProtocol.of(cell, batch).equals(protocol) && !measured.isEmpty())
                return value.apply(Sample.of(measured));
        }
        return null;
    }

    private void addQuantization() {
        table.number(
                Column.number("quantization_seconds", "quantizing (s)", value -> Numerals.significant(value, 3))
                        .better(Better.LOWER),
                quantization(Quantization::seconds));
        table.wholeData("quantized_parameters", quantization(Quantization::parameters));
        table.number(
                Column.number("relative_weight_error", "weight error", value -> Numerals.fixed(value, 4)),
                quantization(Quantization::relativeWeightError));
        table.numberData("weight_mse", quantization(Quantization::weightMse));
        table.note(
                "Weight error: Frobenius norm of the change of the quantized weights over that of the weights. It does"
                        + " not order methods by quality, so it is not ranked.");
    }

    private static <T> Function<CellResult, @Nullable T> quantization(Function<Quantization, @Nullable T> value) {
        return cell -> {
            Quantization quantization = cell.metrics().quantization();
            return quantization == null || Cells.isDense(cell) ? null : value.apply(quantization);
        };
    }

    private void addMemory() {
        addBytes("kv_cache_bytes", "KV cache", Memory::kvCacheBytes);
        addBytes("peak_device_bytes", "peak of the device", Memory::peakDeviceBytes);
        addBytes("peak_host_bytes", "peak of the host", Memory::peakHostBytes);
    }

    private void addBytes(String key, String heading, Function<Memory, @Nullable Long> bytes) {
        Function<CellResult, @Nullable Long> ofCell = cell -> {
            Memory memory = cell.metrics().memory();
            return memory == null ? null : bytes.apply(memory);
        };
        ByteUnit unit = ByteUnit.of(cells.measured().stream().map(ofCell));
        table.whole(
                Column.number(key, heading + " (" + unit.symbol() + ")", unit::numeral)
                        .better(Better.LOWER),
                ofCell::apply);
    }
}
