package dev.sinq4j.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.experiment.Cluster.Work;
import dev.sinq4j.experiment.WorkOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SparkSettingsTest {

    @AfterEach
    void restore() {
        System.clearProperty("spark.task.resource.gpu.amount");
        System.clearProperty("spark.executor.cores");
    }

    @Test
    void inThisProcessOneCellHasAllCoresAndAsksForNoGpu() {
        System.setProperty("spark.task.resource.gpu.amount", "1");
        SparkConf conf = SparkSettings.of(work("local[2]"));
        assertEquals("local[2,4]", conf.get("spark.master"));
        assertEquals("2", conf.get("spark.task.cpus"));
        assertEquals("false", conf.get("spark.speculation"));
        assertFalse(conf.contains("spark.task.resource.gpu.amount"));
    }

    @Test
    void anExecutorHasOneCellAtATimeWithTheThreadsAskedForAndTheGpu() {
        System.setProperty("spark.task.resource.gpu.amount", "1");
        SparkConf conf = SparkSettings.of(work("spark://host:7077"));
        assertEquals("3", conf.get("spark.executor.cores"));
        assertEquals("3", conf.get("spark.task.cpus"));
        assertEquals("4", conf.get("spark.task.maxFailures"));
        assertEquals("1", conf.get("spark.task.resource.gpu.amount"));
        String options = conf.get("spark.executor.extraJavaOptions");
        assertTrue(options.startsWith("--add-modules=jdk.incubator.vector --enable-native-access"), options);
        assertFalse(options.contains("MaxRAM"), options);
    }

    @Test
    void whatAUserSetsStays() {
        System.setProperty("spark.executor.cores", "8");
        SparkConf conf = SparkSettings.of(work("yarn"));
        assertEquals("8", conf.get("spark.executor.cores"));
        assertEquals("8", conf.get("spark.task.cpus"));
    }

    @Test
    void theTokenIsNotAmongWhatSparkShows() {
        for (var setting : SparkSettings.of(work("yarn")).getAll())
            assertFalse(setting._1().contains("TOKEN"), setting._1());
    }

    @Test
    void theFirstGpuThatSparkAssignsIsTheDevice() {
        var gpus = new ResourceInformation("gpu", new String[] {"3", "5"});
        assertEquals(Optional.of("3"), CellTask.device(Map.of("gpu", gpus)));
        assertEquals(Optional.empty(), CellTask.device(Map.of()));
        assertEquals("sinq4j.cuda.device", CellTask.DEVICE);
    }

    @Test
    void neighboursPreferTheSameExecutorAndTheExecutorsShareEvenly() {
        assertEquals(
                List.of(List.of("a"), List.of("a"), List.of("a"), List.of("b"), List.of("b")),
                Placement.of(5, List.of("a", "b")));
        assertEquals(List.of(List.of(), List.of()), Placement.of(2, List.of()));
    }

    private static Work work(String master) {
        return new Work("e", master, new WorkOrder("", "/", "", "", 3, Set.of()), List.of(0));
    }
}
