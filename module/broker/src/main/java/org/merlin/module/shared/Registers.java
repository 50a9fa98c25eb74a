package org.merlin.module.shared;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.merlin.module.hook.ObjectIndex;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.event.Register.Subject;

/** Switched attributes: by thing and attribute the newest value, whoever set it. Confined to the scheduler's thread. */
public final class Registers {
    private final SchedulerPort port;
    private final ObjectIndex objects;
    private final Teller teller;
    private final Map<String, Version> versions = new HashMap<>();

    public Registers(SchedulerPort port, ObjectIndex objects, Teller teller) {
        this.port = port;
        this.objects = objects;
        this.teller = teller;
    }

    /** Somebody set it here. */
    public void onSet(Register register, long nowMicros) {
        Version version = version(register).next(nowMicros, teller.origin());
        versions.put(register.place(), version);
        Subject subject = register.subject();
        if (subject == Subject.HOST || subject == Subject.SERVICE) {
            objects.byName(new MonitoredObject(register.name(), register.service()).name())
                    .ifPresent(index -> teller.tell(index, register, version.revision(), nowMicros));
        } else {
            teller.tellAll(register.key(), register, version.revision(), nowMicros, subject == Subject.CONTACT);
        }
    }

    private Version version(Register register) {
        return versions.getOrDefault(register.place(), Version.NONE);
    }

    /** Somebody set it elsewhere, or here in an earlier run. */
    public void take(Register register, Version version) {
        if (version.compareTo(version(register)) > 0) {
            versions.put(register.place(), version);
            port.set(register);
        }
    }

    /** All that must be kept, as of now; the lines are made when they are asked for, on any thread. */
    public Supplier<List<String>> lines() {
        Map<String, Version> versionsNow = new HashMap<>(versions);
        return () -> {
            List<String> lines = new ArrayList<>();
            versionsNow.forEach((place, version) -> lines.add(SharedLines.of("register", place, version)));
            return lines;
        };
    }

    /** Takes back a line that {@link #lines} gave; others are left alone. */
    public void read(List<String> fields) {
        if (fields.get(0).equals("register")) {
            versions.put(fields.get(1), Version.parse(fields.get(2)));
        }
    }
}
