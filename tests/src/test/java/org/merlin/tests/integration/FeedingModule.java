package org.merlin.tests.integration;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.merlin.module.BrokerModule;
import org.merlin.module.Memory;
import org.merlin.module.scheduler.LoadedObjects;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.StateType;
import org.merlin.protocol.time.NanoClock;

/** A real module whose scheduler is none: it finds results of all services in turn as fast as it is told, and counts what comes. */
final class FeedingModule implements AutoCloseable {
    private static final int LATELY = 21;
    private static final int CHANGES_EVERY = 20;

    private final LoadedObjects objects;
    private final int hosts;
    private final AtomicBoolean woken = new AtomicBoolean(true);
    private final AtomicInteger applied = new AtomicInteger();
    private final BrokerModule module;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile int perSecond;
    private volatile int found;

    /**
     * Starts, without finding anything yet.
     *
     * @param objects hosts first
     */
    FeedingModule(Path conf, LoadedObjects objects) throws Exception {
        this.objects = objects;
        this.hosts = (int) objects.entries().stream()
                .filter(entry -> entry.object().isHost())
                .count();
        SchedulerPort port = (SchedulerPort) Proxy.newProxyInstance(
                SchedulerPort.class.getClassLoader(),
                new Class<?>[] {SchedulerPort.class},
                (proxy, method, arguments) -> answer(method.getName(), method.getReturnType()));
        module = BrokerModule.start(
                MerlinConf.load(conf),
                port,
                Memory.NONE,
                new int[objects.entries().size()],
                Clock.systemUTC(),
                NanoClock.SYSTEM);
        thread = new Thread(this::run, "feeding-scheduler");
        thread.start();
    }

    private Object answer(String method, Class<?> type) {
        switch (method) {
            case "wake" -> woken.set(true);
            case "apply" -> applied.incrementAndGet();
            default -> {}
        }
        return switch (method) {
            case "objects" -> objects;
            case "description" -> "feeding 1";
            case "checkTimeoutSeconds" -> 60;
            default -> nothing(type);
        };
    }

    private static Object nothing(Class<?> type) {
        if (type == OptionalLong.class) {
            return OptionalLong.empty();
        }
        if (type == boolean.class) {
            return false;
        }
        if (type == int.class) {
            return 0;
        }
        return type == long.class ? 0L : null;
    }

    private void run() {
        module.onLoaded();
        long begun = 0;
        int rate = 0;
        int before = 0;
        while (!stopped) {
            if (woken.getAndSet(false) && module.onTurn(System.nanoTime())) {
                woken.set(true);
            }
            if (rate != perSecond) {
                rate = perSecond;
                begun = System.nanoTime();
                before = found;
            }
            long due = before + (System.nanoTime() - begun) * rate / TimeUnit.SECONDS.toNanos(1);
            while (found < due) {
                find(found);
                found++;
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void find(int number) {
        int services = objects.entries().size() - hosts;
        int index = hosts + number % services;
        int round = number / services;
        int state = (round + index) % CHANGES_EVERY == 0 ? 2 : 0;
        int last = (round + index) % CHANGES_EVERY == 1 ? 2 : 0;
        long micros = System.currentTimeMillis() * 1000;
        MonitoredObject object = objects.entries().get(index).object();
        module.onResult(
                index,
                new CheckResult(
                        object,
                        state,
                        StateType.HARD,
                        1,
                        1,
                        CheckType.ACTIVE,
                        new CheckResult.Output(
                                "number " + number + ": as it was expected to be", "", "time=0.012s;1;2;0;10"),
                        new CheckResult.Timing(micros - 12_000, micros, 1_000, 12_000, micros + 60_000_000),
                        new CheckResult.History(
                                last,
                                state,
                                micros,
                                micros,
                                new CheckResult.LastTimes(micros, 0, micros, 0),
                                0,
                                0,
                                0,
                                0,
                                false,
                                5.0,
                                (long) (number % LATELY) << 2 * LATELY),
                        CheckResult.NotificationCount.NONE));
    }

    /** Finds so many results a second from now on. */
    void rate(int resultsPerSecond) {
        perSecond = resultsPerSecond;
    }

    /** How many results it has found. */
    int found() {
        return found;
    }

    /** How many results of others it has been given. */
    int applied() {
        return applied.get();
    }

    /** All objects, as a scheduler lists them: hosts, then services. */
    static List<LoadedObjects.Entry> entries(int hosts, int servicesPerHost) {
        List<LoadedObjects.Entry> entries = new ArrayList<>();
        for (int host = 0; host < hosts; host++) {
            entries.add(new LoadedObjects.Entry(MonitoredObject.ofHost("h" + host), List.of()));
        }
        for (int host = 0; host < hosts; host++) {
            for (int service = 0; service < servicesPerHost; service++) {
                entries.add(new LoadedObjects.Entry(MonitoredObject.ofService("h" + host, "s" + service), List.of()));
            }
        }
        return entries;
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        module.close();
    }
}
