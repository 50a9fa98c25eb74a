package org.merlin.module.quartz;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.merlin.module.Memory;
import org.merlin.module.quartz.check.CheckRunner;
import org.merlin.module.quartz.check.Macros;
import org.merlin.module.quartz.check.RunLog;
import org.merlin.module.quartz.history.NagiosLog;
import org.merlin.module.quartz.notes.Notes;
import org.merlin.module.quartz.notify.NotificationRules;
import org.merlin.module.quartz.notify.Notifier;
import org.merlin.module.quartz.notify.Outlet;
import org.merlin.module.quartz.notify.Program;
import org.merlin.module.quartz.objects.Inventories;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.retention.Retained;
import org.merlin.module.quartz.schedule.CheckSchedule;
import org.merlin.module.quartz.state.Board;
import org.merlin.module.quartz.state.Finding;
import org.merlin.module.quartz.state.ObjectState;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.event.CheckResult.Output;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.MonitoredObject;

/** A scheduler's core without threads and processes, at a time that the test says. */
final class Bench implements AutoCloseable {
    static final long START = 1_700_000_000;

    /** One host, one service, one contact; {@code %s} are further lines of service and host. */
    static final String OBJECTS = """
            define command {
              command_name c
              command_line true
            }
            define command {
              command_name mail
              command_line mail $NOTIFICATIONTYPE$ $NOTIFICATIONNUMBER$ $CONTACTEMAIL$ $HOSTNAME$ '$NOTIFICATIONCOMMENT$'
            }
            define command {
              command_name handle
              command_line handle $SERVICESTATE$ $SERVICESTATETYPE$ $SERVICEATTEMPT$
            }
            define contact {
              contact_name ann
              email ann@example.org
              host_notification_commands mail
              service_notification_commands mail
            }
            define contact {
              contact_name boss
              host_notification_commands mail
              service_notification_commands mail
            }
            define host {
              host_name h
              contacts ann
              %2$s
            }
            define service {
              host_name h
              service_description s
              check_command c
              max_check_attempts 2
              notification_interval 10
              %1$s
            }
            """;

    final FakeBroker broker = new FakeBroker();
    final List<String> log = new ArrayList<>();
    final List<String> run = new ArrayList<>();
    final Notes notes;
    final Notifier notifier;
    final Core core;
    final SchedulerPort port;
    private final Inventory inventory;
    private final Path directory;
    private final NagiosLog file;
    private final CheckSchedule schedule;
    private long nowMillis;

    Bench(Path directory, String service, String host) throws IOException {
        this(directory, OBJECTS.formatted(service, host), Retained.NOTHING, START);
    }

    Bench(Path directory, String objects, Retained retained, long nowSeconds) throws IOException {
        this.directory = directory;
        nowMillis = nowSeconds * 1000;
        inventory = Inventories.of(objects);
        Clock clock = new TestClock();
        Board board = new Board(inventory.size());
        Program program = new Program();
        Macros macros = new Macros(inventory, board::get, ZoneOffset.UTC);
        file = NagiosLog.open(directory.resolve("log"));
        CheckRunner runner = new CheckRunner("yoda", RunLog.open(Optional.empty(), "yoda"));
        schedule = new CheckSchedule(runner, 1, ZoneOffset.UTC);
        Outlet outlet = new Outlet() {
            @Override
            public void run(String what, String line) {
                run.add(line);
            }

            @Override
            public void log(String line) {
                log.add(line);
            }
        };
        notes = new Notes(inventory, board, log::add, clock);
        NotificationRules rules = new NotificationRules(Duration.ofSeconds(60), ZoneOffset.UTC);
        notifier = new Notifier(inventory, board, program, notes, rules, macros, outlet, clock);
        Agenda agenda = new Agenda(inventory, schedule, Duration.ofSeconds(60));
        core = new Core(inventory, board, program, notes, notifier, agenda, schedule, file, clock, () -> {});
        core.restore(retained);
        port = new QuartzPort(inventory, "bench", Duration.ofSeconds(60), core, notes, notifier, () -> {});
        broker.start(null, port, Memory.NONE, core.revisions(), clock, System::nanoTime);
        core.begin(broker, retained);
    }

    private final class TestClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(nowMillis);
        }
    }

    /** The same a restart later. */
    Bench restarted(String service, String host) throws IOException {
        Retained kept = core.snapshot().get();
        close();
        return new Bench(directory, OBJECTS.formatted(service, host), kept, nowMillis / 1000);
    }

    int index(String name) {
        String[] words = name.split(";");
        return inventory
                .find(new MonitoredObject(words[0], words.length > 1 ? words[1] : ""))
                .orElseThrow();
    }

    ObjectState state(String name) {
        return core.state(index(name));
    }

    /** Lets time pass. */
    void minutes(long minutes) {
        nowMillis += minutes * 60_000;
        core.tick();
    }

    long seconds() {
        return nowMillis / 1000;
    }

    /** A check of our own finds these states, one after the other. */
    void finds(String name, int... states) {
        for (int state : states) {
            core.found(index(name), finding(state), nowMillis);
        }
    }

    Finding finding(int state) {
        return new Finding(state, CheckType.ACTIVE, Output.of("out"), nowMillis * 1000, nowMillis * 1000, 0, 0);
    }

    void command(String command) {
        core.given(List.of("[" + seconds() + "] " + command));
    }

    /** What was run since the last call. */
    List<String> ran() {
        List<String> now = List.copyOf(run);
        run.clear();
        return now;
    }

    @Override
    public void close() throws IOException {
        schedule.close();
        file.close();
    }
}
