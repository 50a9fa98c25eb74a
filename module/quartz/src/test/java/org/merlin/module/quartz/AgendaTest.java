package org.merlin.module.quartz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.merlin.module.quartz.check.CheckRunner;
import org.merlin.module.quartz.check.RunLog;
import org.merlin.module.quartz.objects.Inventories;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.schedule.CheckSchedule;
import org.merlin.module.quartz.state.ObjectState;

class AgendaTest {
    private static final int SERVICES = 10;
    /** A time far ahead, so that nothing is late; a whole number of intervals. */
    private static final long NOW = 4_000_000_000_000L;

    private Inventory inventory;
    private CheckSchedule schedule;
    private Agenda agenda;

    @BeforeEach
    void begin() throws IOException {
        StringBuilder objects = new StringBuilder("""
                define command {
                  command_name c
                  command_line true
                }
                define host {
                  host_name h
                  active_checks_enabled 0
                }
                """);
        for (int i = 0; i < SERVICES; i++) {
            objects.append("""
                    define service {
                      host_name h
                      service_description s%d
                      check_command c
                      check_interval 2.5
                      retry_interval 0.25
                    }
                    """.formatted(i));
        }
        inventory = Inventories.of(objects.toString());
        CheckRunner runner = new CheckRunner("yoda", RunLog.open(Optional.empty(), "yoda"));
        schedule = new CheckSchedule(runner, 1, ZoneOffset.UTC);
        agenda = new Agenda(inventory, schedule, Duration.ofSeconds(4));
    }

    @AfterEach
    void end() {
        schedule.close();
    }

    private long[] dueAfterStart(long retainedMillis, long nowMillis) {
        return IntStream.rangeClosed(1, SERVICES)
                .mapToLong(index -> {
                    agenda.begin(index, ObjectState.PENDING, retainedMillis, nowMillis);
                    return schedule.due(inventory.get(index));
                })
                .toArray();
    }

    @Test
    void spreadsNewObjectsOverTheirInterval() {
        assertThat(dueAfterStart(0, NOW))
                .as("an interval is 2.5 units of 4 s")
                .containsExactly(
                        LongStream.range(0, SERVICES).map(i -> NOW + i * 1000).toArray());
    }

    @Test
    void givesAnObjectTheSameTimesWheneverItStarts() {
        assertThat(LongStream.of(dueAfterStart(0, NOW + 3_500))
                        .map(due -> due % 10_000)
                        .toArray())
                .containsExactly(
                        LongStream.range(0, SERVICES).map(i -> i * 1000).toArray());
        assertThat(schedule.due(inventory.get(1))).isEqualTo(NOW + 10_000);
    }

    @Test
    void keepsTheDueTimesOfAnEarlierRun() {
        assertThat(dueAfterStart(NOW + 4_321, NOW)).containsOnly(NOW + 4_321);
    }

    @Test
    void spreadsWhatIsOverdueSoThatItDoesNotComeAtOnce() {
        assertThat(LongStream.of(dueAfterStart(NOW - 500_000, NOW)).boxed())
                .isSorted()
                .doesNotHaveDuplicates()
                .allSatisfy(
                        due -> assertThat(due).as("a tenth of ten seconds more").isBetween(NOW, NOW + 1_000));
    }

    @Test
    void runsSoonWhatOthersWereToRunByNowOnceItHearsOfIt() {
        dueAfterStart(0, NOW + 3_500); // nobody knows better: within an interval
        long heard = NOW + 3_600;
        agenda.afterOthers(1, ObjectState.PENDING, heard);
        assertThat(schedule.due(inventory.get(1))).as("others do not check it").isEqualTo(NOW + 10_000);
        for (int index = 1; index <= SERVICES; index++) {
            agenda.afterOthers(index, ObjectState.PENDING.withNextCheck((heard - 50) * 1000), heard);
            assertThat(schedule.due(inventory.get(index))).isBetween(heard, heard + 1_000);
        }
    }

    @Test
    void leavesADueTimeThatComesByItselfToResultsThatAreLateAllTheTime() {
        agenda.begin(1, ObjectState.PENDING, NOW + 9_000, NOW);
        agenda.afterOthers(1, ObjectState.PENDING.withNextCheck((NOW + 9_500) * 1000), NOW);
        agenda.afterOthers(1, ObjectState.PENDING.withNextCheck((NOW - 600_000) * 1000), NOW);
        assertThat(schedule.due(inventory.get(1)))
                .as("the other's clock is ten minutes behind")
                .isEqualTo(NOW + 9_500);
    }

    @Test
    void doesNotScheduleWhatIsNotCheckedByItself() {
        agenda.begin(0, ObjectState.PENDING, 0, NOW);
        assertThat(schedule.due(inventory.get(0))).isZero();
        agenda.switchChecks(0, true, ObjectState.PENDING, NOW);
        assertThat(schedule.due(inventory.get(0))).as("nor what has no command").isZero();
        agenda.begin(1, ObjectState.PENDING, 0, NOW);
        agenda.switchChecks(1, false, ObjectState.PENDING, NOW);
        assertThat(schedule.due(inventory.get(1))).isZero();
    }
}
