package dev.sinq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sinq4j.failure.UnavailableFailure;
import org.junit.jupiter.api.Test;

class ClustersTest {

    @Test
    void theOrdinaryBuildHasNothingOfSparkAndSaysHowToGetIt() {
        assumeTrue(
                getClass().getResource("/META-INF/services/dev.sinq4j.experiment.Cluster") == null,
                "this is the build with Spark");
        assertNull(getClass().getResource("/org/apache/spark/SparkContext.class"));
        assertEquals(
                "--cluster: this build is without Apache Spark (230 MB). Build it in once with `mvn -q -Pcluster"
                        + " compile exec:java@class-path`; ./sinq4j then finds it. Without Spark, --shard I/N spreads a"
                        + " run, see experiments/slurm.md",
                assertThrows(UnavailableFailure.class, Clusters::find).getMessage());
    }

    @Test
    void aRunThatWantsAClusterWhereThereIsNoneEndsWithStatusThree() {
        assumeTrue(
                getClass().getResource("/META-INF/services/dev.sinq4j.experiment.Cluster") == null,
                "this is the build with Spark");
        assertEquals(3, Main.execute("run", "configs/quickstart.yaml", "-q", "--cluster", "local[2]"));
    }
}
