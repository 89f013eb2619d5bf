package dev.sinq4j.report.page;

import dev.sinq4j.report.page.Page.Fact;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What has to be the same to get the same figures again: commands, commits, versions and hashes, each with all its values. */
final class Facts {

    private final List<Provenance> all;
    private final List<Fact> facts = new ArrayList<>();

    private Facts(List<CellResult> cells) {
        all = cells.stream().map(CellResult::provenance).toList();
    }

    static List<Fact> of(List<CellResult> cells) {
        Facts facts = new Facts(cells);
        facts.add("command", Provenance::command);
        facts.add("git commit", Provenance::gitCommit);
        facts.add("reference commit", Provenance::referenceCommit);
        facts.add("sinq4j", Provenance::version);
        facts.add("JDK", Provenance::jdk);
        facts.add("operating system", Provenance::os);
        facts.add("backend", Provenance::backend);
        facts.add("kernels", Provenance::kernels);
        facts.add("device", Provenance::device);
        facts.add("threads", provenance -> Integer.toString(provenance.threads()));
        facts.add("seed", provenance -> Long.toString(provenance.seed()));
        facts.addStarted();
        facts.addHashes(
                "configuration SHA-256", provenance -> Map.of("", Objects.toString(provenance.configSha256(), "")));
        facts.addHashes("model SHA-256", Provenance::modelSha256);
        facts.addHashes("data SHA-256", Provenance::datasetSha256);
        return List.copyOf(facts.facts);
    }

    private void add(String name, Function<Provenance, @Nullable String> value) {
        addValues(name, all.stream().map(value));
    }

    /** The first and the last cell's start. */
    private void addStarted() {
        List<String> started = all.stream()
                .map(Provenance::started)
                .filter(Objects::nonNull)
                .sorted()
                .toList();
        if (started.isEmpty()) return;
        boolean once = started.getFirst().equals(started.getLast());
        addValues(
                "started",
                once
                        ? Stream.of(started.getFirst())
                        : Stream.of("first cell " + started.getFirst(), "last cell " + started.getLast()));
    }

    private void addHashes(String name, Function<Provenance, @Nullable Map<String, String>> hashes) {
        addValues(
                name,
                all.stream()
                        .map(hashes)
                        .filter(Objects::nonNull)
                        .flatMap(found -> new TreeMap<>(found).entrySet().stream())
                        .map(hash -> (hash.getKey() + " " + hash.getValue()).strip()));
    }

    private void addValues(String name, Stream<@Nullable String> values) {
        List<String> distinct = values.filter(value -> value != null && !value.isEmpty())
                .distinct()
                .toList();
        if (!distinct.isEmpty()) facts.add(new Fact(name, distinct));
    }
}
