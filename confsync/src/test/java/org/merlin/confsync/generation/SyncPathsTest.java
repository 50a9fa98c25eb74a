package org.merlin.confsync.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.confsync.generation.SimulatedSites.master;
import static org.merlin.confsync.generation.SimulatedSites.peer;
import static org.merlin.confsync.generation.SimulatedSites.poller;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.merlin.confsync.generation.SimulatedSites.Site;

/** Two masters and two pollers of different groups, with paths of {@code sync} beside the objects. */
final class SyncPathsTest {
    private static final String OBJECTS = "emea: a\nasia: b\n";

    private final SimulatedSites sites = new SimulatedSites(1);
    private final Site master1 =
            sites.add("master1", peer("master2"), poller("poller1", "emea"), poller("poller2", "asia"));
    private final Site master2 =
            sites.add("master2", peer("master1"), poller("poller1", "emea"), poller("poller2", "asia"));
    private final Site poller1 = sites.add("poller1", master("master1"), master("master2"));
    private final Site poller2 = sites.add("poller2", master("master1"), master("master2"));

    @AfterEach
    void close() {
        sites.close();
    }

    private void begin() {
        master1.write(OBJECTS);
        master2.write(OBJECTS);
        sites.sites().forEach(Site::start);
        sites.run(5);
    }

    private static Path program(Site site, String text) throws IOException {
        Path file = Files.createDirectories(site.extra("plugins")).resolve("check_site");
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void allHavePluginsAndMastersSecrets() throws IOException {
        for (Site site : List.of(master1, master2, poller1)) {
            site.takes("plugins", true);
        }
        poller1.takes("secrets", true);
        master1.takes("secrets", false);
        master2.takes("secrets", false);
        program(master1, "#!/bin/sh\n");
        Files.createDirectories(master1.extra("secrets").getParent());
        Files.writeString(master1.extra("secrets"), "$USER5$=x\n");
    }

    private void push(String node) {
        Push push = sites.push(node);
        assertThat(push.good()).as("%s", push.lines()).isTrue();
    }

    @Test
    void aProgramReachesPeersAndThePollersThatHaveAPlaceForItAndStaysOne() throws Exception {
        allHavePluginsAndMastersSecrets();
        begin();
        for (Site site : List.of(master2, poller1)) {
            assertThat(site.extra("plugins").resolve("check_site")).hasContent("#!/bin/sh\n");
            assertThat(Files.isExecutable(site.extra("plugins").resolve("check_site")))
                    .isTrue();
        }
        assertThat(master2.extra("secrets")).isRegularFile().hasContent("$USER5$=x\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(master2.extra("secrets"))))
                .isEqualTo("rw-r-----");
        assertThat(poller1.extra("secrets")).doesNotExist();
        assertThat(poller2.extra("plugins")).doesNotExist();
        assertThat(poller2.said()).anyMatch(line -> line.contains("plugins"));
        assertThat(poller2.loaded()).isEqualTo("asia: b\n");
        assertThat(master1.syncer().view().nodes()).allMatch(SyncView.Other::inSync);
    }

    @Test
    void onlyObjectFilesAreGivenToTheSchedulersCheck() throws Exception {
        allHavePluginsAndMastersSecrets();
        begin();
        program(master1, "broken\n");
        push("master1");
        assertThat(master2.extra("plugins").resolve("check_site")).hasContent("broken\n");
    }

    @Test
    void aNodeThatGetsAPlaceForItLaterFetchesItThen() throws Exception {
        allHavePluginsAndMastersSecrets();
        begin();
        poller2.kill();
        poller2.takes("plugins", true);
        poller2.start();
        sites.run(30);
        assertThat(poller2.extra("plugins").resolve("check_site")).hasContent("#!/bin/sh\n");
    }

    @Test
    void aPeerWithoutAPlaceForItPushesItsOwnChangesAndTakesNothingAway() throws Exception {
        master1.takes("plugins", true);
        poller1.takes("plugins", true);
        program(master1, "one\n");
        begin();
        master2.write("emea: a\nemea: c\nasia: b\n");
        push("master2");
        assertThat(master1.loaded()).contains("emea: c");
        assertThat(master1.extra("plugins").resolve("check_site")).hasContent("one\n");
        assertThat(poller1.loaded()).contains("emea: c");
        assertThat(poller1.extra("plugins").resolve("check_site")).hasContent("one\n");
    }

    @Test
    void whatWasTakenAwayGoesEverywhereAndWhatNobodySendsStays() throws Exception {
        allHavePluginsAndMastersSecrets();
        poller1.takes("own", true);
        Files.createDirectories(poller1.extra("own").getParent());
        Files.writeString(poller1.extra("own"), "own\n");
        Files.writeString(master1.extra("plugins").resolve("second"), "2");
        begin();
        Files.delete(master1.extra("plugins").resolve("check_site"));
        push("master1");
        assertThat(poller1.extra("plugins").resolve("check_site")).doesNotExist();
        assertThat(poller1.extra("plugins").resolve("second")).hasContent("2");
        assertThat(poller1.extra("own")).hasContent("own\n");
    }

    @Test
    void aRollbackToWhatKnewNothingOfItLeavesItAlone() throws Exception {
        begin();
        String first = sites.heads().get("master1");
        for (Site site : List.of(master1, master2)) {
            site.kill();
            site.takes("plugins", true);
        }
        program(master1, "one\n");
        master1.start();
        master2.start();
        master1.write("emea: a\nemea: c\nasia: b\n");
        push("master1");
        assertThat(master2.loaded()).contains("emea: c");
        sites.push("master1", new PushWish(Optional.of(first), false, false, List.of(), 0, false, "back"));
        sites.run(5);
        assertThat(master2.loaded()).isEqualTo(OBJECTS);
        assertThat(master2.extra("plugins").resolve("check_site")).hasContent("one\n");
    }

    @Test
    void aSchedulerThatDoesNotComeBackGetsTheProgramsOfBefore() throws Exception {
        allHavePluginsAndMastersSecrets();
        begin();
        program(master1, "two\n");
        master1.write(OBJECTS + "dies on master1\n");
        assertThat(sites.push("master1").good()).isFalse();
        assertThat(master1.extra("plugins").resolve("check_site")).hasContent("#!/bin/sh\n");
        assertThat(master2.extra("plugins").resolve("check_site")).hasContent("#!/bin/sh\n");
    }

    @Test
    void aPathThatCannotBeWrittenChangesNothingAtAll() throws Exception {
        allHavePluginsAndMastersSecrets();
        master1.takes("lost", true);
        master2.takes("lost", true);
        Files.createDirectories(master2.extra("lost").getParent().getParent());
        Files.writeString(master2.extra("lost").getParent(), "a file where a folder is needed");
        begin();
        Files.createDirectories(master1.extra("lost"));
        Files.writeString(master1.extra("lost").resolve("x"), "x");
        master1.write("emea: a\nemea: c\nasia: b\n");
        Push push = sites.push("master1");
        assertThat(push.good()).as("%s", push.lines()).isFalse();
        assertThat(master2.text()).isEqualTo(OBJECTS);
        assertThat(master2.said()).anyMatch(line -> line.contains("lost"));
    }

    @Test
    void peersWithOtherFilesUnderANameAreNotWrittenOver() throws Exception {
        allHavePluginsAndMastersSecrets();
        program(master2, "other\n");
        begin();
        sites.run(30);
        assertThat(master1.extra("plugins").resolve("check_site")).hasContent("#!/bin/sh\n");
        assertThat(master2.extra("plugins").resolve("check_site")).hasContent("other\n");
        sites.push("master1", new PushWish(Optional.empty(), false, true, List.of(), 0, false, "chosen"));
        sites.run(90);
        assertThat(master2.extra("plugins").resolve("check_site")).hasContent("#!/bin/sh\n");
    }
}
