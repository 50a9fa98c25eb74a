package org.merlin.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

/** The arrows between packages, as the style guide draws them; those between modules are Maven's and Enforcer's. */
class DependencyRulesTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.merlin");

    private static void onlyIn(String library, String... packages) {
        ArchRule rule = noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library);
        rule.check(OURS);
    }

    @Test
    void nettyIsOnlyWhereSocketsAre() {
        onlyIn(
                "io.netty..",
                "org.merlin.daemon",
                "org.merlin.daemon.net..",
                "org.merlin.daemon.ipc..",
                "org.merlin.daemon.bench..");
    }

    @Test
    void chronicleIsOnlyInItsPackage() {
        onlyIn("net.openhft..", "org.merlin.backlog.chronicle..");
    }

    @Test
    void bouncyCastleIsOnlyWhereCertificatesAreMade() {
        onlyIn("org.bouncycastle..", "org.merlin.daemon.ca..");
    }

    @Test
    void quartzIsOnlyInTheEmbeddedScheduler() {
        onlyIn("org.quartz..", "org.merlin.module.quartz..");
    }

    @Test
    void jdbcIsOnlyWhereStatementsAre() {
        onlyIn("java.sql..", "org.merlin.daemon.sink.sql..");
        onlyIn("com.zaxxer..", "org.merlin.daemon.sink.sql..");
        onlyIn("org.flywaydb..", "org.merlin.daemon.sink.sql..");
    }

    @Test
    void picocliIsOnlyInTheCommandLine() {
        onlyIn("picocli..", "org.merlin.daemon.cli..");
    }

    @Test
    void kryoIsOnlyInTheBodiesOfEvents() {
        onlyIn("com.esotericsoftware..", "org.merlin.protocol.event..");
    }

    @Test
    void theModuleIsAGuestWithoutNettyChronicleOrThreadPools() {
        noClasses()
                .that()
                .resideInAPackage("org.merlin.module..")
                .and()
                .resideOutsideOfPackage("org.merlin.module.quartz..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "net.openhft..", "org.merlin.daemon..", "org.merlin.backlog..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.concurrent.ThreadPoolExecutor")
                .check(OURS);
    }

    @Test
    void clusterLogicSeesPortsOnly() {
        noClasses()
                .that()
                .resideInAPackage("org.merlin.daemon.cluster..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.netty..",
                        "java.net..",
                        "java.nio.channels..",
                        "java.util.concurrent..",
                        "org.merlin.daemon.net..",
                        "org.merlin.daemon.ipc..",
                        "org.merlin.daemon.store..",
                        "org.merlin.backlog.chronicle..")
                .check(OURS);
    }

    @Test
    void clusterLogicTakesTheTimeAsAnArgument() {
        noClasses()
                .that()
                .resideInAnyPackage("org.merlin.daemon.cluster..", "org.merlin.protocol.slot..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(OURS);
    }

    @Test
    void packagesOfTheProtocolHaveNoCycles() {
        SlicesRuleDefinition.slices()
                .matching("org.merlin.protocol.(*)..")
                .should()
                .beFreeOfCycles()
                .check(OURS);
    }
}
