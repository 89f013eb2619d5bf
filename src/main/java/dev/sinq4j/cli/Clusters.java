package dev.sinq4j.cli;

import dev.sinq4j.experiment.Cluster;
import dev.sinq4j.failure.UnavailableFailure;
import java.util.ServiceLoader;

/** Finds the room that knows Apache Spark, which is there only where its Maven profile was built. */
final class Clusters {

    private Clusters() {}

    /**
     * The cluster.
     *
     * @throws UnavailableFailure if this build has none, saying how to get one
     */
    static Cluster find() {
        return ServiceLoader.load(Cluster.class)
                .findFirst()
                .orElseThrow(() -> new UnavailableFailure(
                        "--cluster: this build is without Apache Spark (230 MB). Build it in once with `mvn -q"
                                + " -Pcluster compile exec:java@class-path`; ./sinq4j then finds it. Without Spark,"
                                + " --shard I/N spreads a run, see experiments/slurm.md"));
    }
}
