package dev.sinq4j.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which room may know which; docs/architecture.md tells why. */
@AnalyzeClasses(packages = "dev.sinq4j", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomRulesTest {

    @ArchTest
    static final ArchRule onlyKernelUsesTheVectorApi = onlyRoomThatUses("kernel", "jdk.incubator.vector..");

    @ArchTest
    static final ArchRule onlyCudaUsesJCuda = onlyRoomThatUses("cuda", "jcuda..");

    @ArchTest
    static final ArchRule onlyReportUsesTablesaw = onlyRoomThatUses("report", "tech.tablesaw..");

    @ArchTest
    static final ArchRule onlyReportUsesXChart = onlyRoomThatUses("report", "org.knowm.xchart..");

    @ArchTest
    static final ArchRule onlyReportUsesJte = onlyRoomThatUses("report", "gg.jte..");

    @ArchTest
    static final ArchRule onlyTokenizerUsesTheTokenizersLibrary = onlyRoomThatUses("tokenizer", "ai.djl..");

    @ArchTest
    static final ArchRule onlyClusterUsesSpark = onlyRoomThatUses("cluster", "org.apache.spark..");

    @ArchTest
    static final ArchRule onlyTheCommandLineUsesPicocli = onlyRoomThatUses("cli", "picocli..");

    @ArchTest
    static final ArchRule onlyHubOpensConnections = onlyRoomThatUses("hub", "java.net.http..");

    @ArchTest
    static final ArchRule nothingKnowsTheCommandLine = noClasses()
            .that()
            .resideOutsideOfPackage("dev.sinq4j.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.sinq4j.cli..");

    @ArchTest
    static final ArchRule reportIsMadeFromResultsAlone =
            knowsNothingOf("report", "model", "engine", "quant", "kernel", "cuda", "checkpoint", "experiment", "hub");

    @ArchTest
    static final ArchRule quantizersKnowNoEngine = knowsNothingOf("quant", "engine", "model", "metric", "experiment");

    @ArchTest
    static final ArchRule filesKnowNothingOfModels =
            knowsNothingOf("safetensors", "model", "engine", "quant", "weight", "kernel", "checkpoint");

    @ArchTest
    static final ArchRule kernelsKnowOnlyTensorsAndWeights = knowsOnly("kernel", "tensor", "weight", "failure");

    @ArchTest
    static final ArchRule weightsKnowOnlyTensors = knowsOnly("weight", "tensor", "failure");

    @ArchTest
    static final ArchRule tensorsKnowNothing = knowsOnly("tensor", "failure");

    @ArchTest
    static final ArchRule failuresKnowNothing = knowsOnly("failure");

    @ArchTest
    static final ArchRule theGpuImplementsWhatEnginesAndQuantizersAskFor =
            knowsOnly("cuda", "engine", "quant", "kernel", "weight", "method", "tensor", "failure");

    @ArchTest
    static final ArchRule progressKnowsNothing = knowsOnly("progress");

    @ArchTest
    static final ArchRule methodsAreDescriptionsAlone = knowsOnly("method", "failure");

    @ArchTest
    static final ArchRule configurationsKnowMethodsAlone = knowsOnly("config", "method", "failure");

    @ArchTest
    static final ArchRule papersAreDataAlone = knowsOnly("paper", "config", "failure");

    @ArchTest
    static final ArchRule theLauncherRunsBeforeEverything = knowsOnly("launch");

    @ArchTest
    static final ArchRule hubKnowsNothingOfModels = knowsOnly("hub", "failure", "progress");

    @ArchTest
    static final ArchRule roomsHaveNoCycles =
            slices().matching("dev.sinq4j.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule templatesReachNeitherClassesNorFilesNorSockets = noClasses()
            .that()
            .resideInAPackage("dev.sinq4j.tokenizer.jinja..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.lang.reflect..", "java.io..", "java.nio.file..", "java.net..");

    @ArchTest
    static final ArchRule noFileIsReadAsJavaObjects =
            noClasses().should().dependOnClassesThat().haveFullyQualifiedName("java.io.ObjectInputStream");

    @ArchTest
    static final ArchRule noRoomIsAStoreroom =
            noClasses().should().haveNameMatching(".*\\.[A-Za-z]*(Util|Utils|Helper|Manager|Common)");

    private static ArchRule onlyRoomThatUses(String room, String library) {
        return noClasses()
                .that()
                .resideOutsideOfPackage("dev.sinq4j." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .allowEmptyShould(true);
    }

    private static ArchRule knowsNothingOf(String room, String... others) {
        return noClasses()
                .that()
                .resideInAPackage("dev.sinq4j." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages(others))
                .allowEmptyShould(true);
    }

    private static ArchRule knowsOnly(String room, String... others) {
        return noClasses()
                .that()
                .resideInAPackage("dev.sinq4j." + room + "..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.sinq4j..")
                        .and(JavaClass.Predicates.resideOutsideOfPackages(packages(room))
                                .and(JavaClass.Predicates.resideOutsideOfPackages(packages(others)))))
                .allowEmptyShould(true);
    }

    private static String[] packages(String... rooms) {
        String[] packages = new String[rooms.length];
        for (int i = 0; i < rooms.length; i++) packages[i] = "dev.sinq4j." + rooms[i] + "..";
        return packages;
    }
}
