package org.merlin.module.quartz;

import java.io.IOException;
import java.time.Clock;
import org.merlin.module.Broker;
import org.merlin.module.quartz.check.CheckRunner;
import org.merlin.module.quartz.check.Macros;
import org.merlin.module.quartz.check.SideCommands;
import org.merlin.module.quartz.history.NagiosLog;
import org.merlin.module.quartz.notes.Notes;
import org.merlin.module.quartz.notify.NotificationRules;
import org.merlin.module.quartz.notify.Notifier;
import org.merlin.module.quartz.notify.Outlet;
import org.merlin.module.quartz.notify.Program;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.retention.Retained;
import org.merlin.module.quartz.schedule.CheckSchedule;
import org.merlin.module.quartz.schedule.Findings;
import org.merlin.module.quartz.state.Board;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.time.NanoClock;

/**
 * The scheduler as of one reading of its configuration: all that a reload makes anew, with the module in it. Confined to the
 * core's thread.
 */
final class Edition {
    private final MerlinConf conf;
    private final Inventory inventory;
    private final Lasting lasting;
    private final Macros macros;
    private final Core core;
    private final SchedulerPort port;
    private Broker broker;

    /**
     * What outlives a reload.
     *
     * @param save asks for the retention file to be written
     * @param wake asks for a turn of the module
     */
    record Lasting(
            CheckSchedule schedule,
            CheckRunner runner,
            SideCommands sideCommands,
            NagiosLog log,
            Clock clock,
            NanoClock nanos,
            Runnable save,
            Runnable wake) {}

    /** Makes one without a past, and without its module. */
    Edition(MerlinConf conf, Inventory inventory, String version, Lasting lasting) {
        this.conf = conf;
        this.inventory = inventory;
        this.lasting = lasting;
        MerlinConf.Scheduler settings = conf.scheduler();
        Clock clock = lasting.clock();
        Board board = new Board(inventory.size());
        macros = new Macros(inventory, board::get, clock.getZone());
        Program program = new Program();
        Notes.Log lines = line -> lasting.log().line(clock.millis() / 1000, line);
        Notes notes = new Notes(inventory, board, lines, clock);
        NotificationRules rules = new NotificationRules(settings.intervalLength(), clock.getZone());
        Notifier notifier = new Notifier(
                inventory, board, program, notes, rules, macros, outlet(lasting.sideCommands(), lines), clock);
        Agenda agenda = new Agenda(inventory, lasting.schedule(), settings.intervalLength());
        core = new Core(
                inventory,
                board,
                program,
                notes,
                notifier,
                agenda,
                lasting.schedule(),
                lasting.log(),
                clock,
                lasting.save());
        port = new QuartzPort(inventory, version, settings.checkTimeout(), core, notes, notifier, lasting.wake());
    }

    private static Outlet outlet(SideCommands commands, Notes.Log lines) {
        return new Outlet() {
            @Override
            public void run(String what, String line) {
                commands.run(what, line);
            }

            @Override
            public void log(String line) {
                lines.line(line);
            }
        };
    }

    MerlinConf conf() {
        return conf;
    }

    Inventory inventory() {
        return inventory;
    }

    /** Owner of the states. */
    Core core() {
        return core;
    }

    /** Takes over what an earlier run of the process knew, and starts the module. */
    void start(Retained retained, BrokerFactory brokers) throws IOException {
        core.restore(retained);
        startModule(retained, brokers);
    }

    /** Takes over all that the former edition knew, and starts the module. */
    void startAfter(Retained former, BrokerFactory brokers) throws IOException {
        core.resume(former);
        startModule(former, brokers);
    }

    private void startModule(Retained retained, BrokerFactory brokers) throws IOException {
        broker = brokers.start(conf, port, retained.memory(), core.revisions(), lasting.clock(), lasting.nanos());
    }

    /** Has the checks go by this edition from now on, and sets the first due times. */
    void begin(Retained retained, Findings findings) {
        takeChecks(findings);
        core.begin(broker, retained);
    }

    /** The same in the place of a former edition, whose checks run on. */
    void goOn(Retained former, Findings findings) {
        takeChecks(findings);
        lasting.schedule().keepOnly(inventory);
        core.goOn(broker, former);
    }

    private void takeChecks(Findings findings) {
        lasting.runner().use(inventory, macros, conf.scheduler().checkTimeout());
        lasting.schedule().resize(conf.scheduler().maxConcurrentChecks());
        lasting.schedule().hook(broker, inventory, findings);
    }

    /** Ends the module; it tells the others why. */
    void close(String why) {
        broker.close(why);
    }
}
