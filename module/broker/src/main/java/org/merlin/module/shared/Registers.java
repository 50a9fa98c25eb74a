package org.merlin.module.shared;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private final Map<String, Held> held = new HashMap<>();
    /** Places of what this node set in earlier runs, or before something was lost, as long as nothing shows that its daemon knows of it. */
    private final Set<String> doubtful = new LinkedHashSet<>();

    /** @param value empty where a release that did not keep it kept the version */
    private record Held(Version version, Optional<String> value) {}

    public Registers(SchedulerPort port, ObjectIndex objects, Teller teller) {
        this.port = port;
        this.objects = objects;
        this.teller = teller;
    }

    /** Somebody set it here. */
    public void onSet(Register register, long nowMicros) {
        Version version = version(register).next(nowMicros, teller.origin());
        hold(register, version);
        tell(register, version);
    }

    private void hold(Register register, Version version) {
        held.put(register.place(), new Held(version, Optional.of(register.value())));
    }

    private void tell(Register register, Version version) {
        Subject subject = register.subject();
        if (subject == Subject.HOST || subject == Subject.SERVICE) {
            objects.byName(new MonitoredObject(register.name(), register.service()).name())
                    .ifPresent(index -> teller.tell(index, register, version.revision(), version.micros()));
        } else {
            teller.tellAll(register.key(), register, version.revision(), version.micros(), subject == Subject.CONTACT);
        }
    }

    private Version version(Register register) {
        Held now = held.get(register.place());
        return now == null ? Version.NONE : now.version;
    }

    /** Somebody set it elsewhere, or here in an earlier run. */
    public void take(Register register, Version version) {
        int newer = version.compareTo(version(register));
        if (newer >= 0) {
            doubtful.remove(register.place());
        }
        if (newer > 0) {
            hold(register, version);
            port.set(register);
        }
    }

    /** Something that this node told has been lost: none of it counts as heard before the daemon tells of it. */
    public void doubt() {
        held.forEach((place, of) -> {
            if (of.version.origin() == teller.origin()) {
                doubtful.add(place);
            }
        });
    }

    /** Tells again, as what it was, what this node set and its daemon has not told. */
    public void repeat() {
        List<String> places = List.copyOf(doubtful);
        doubtful.clear();
        places.forEach(place -> {
            Held of = held.get(place);
            of.value.ifPresent(value -> tell(Register.at(place, value), of.version));
        });
    }

    /** All that must be kept, as of now; the lines are made when they are asked for, on any thread. */
    public Supplier<List<String>> lines() {
        Map<String, Held> heldNow = new HashMap<>(held);
        return () -> {
            List<String> lines = new ArrayList<>();
            heldNow.forEach((place, of) -> lines.add(
                    of.value.isPresent()
                            ? SharedLines.of("register", place, of.version, of.value.get())
                            : SharedLines.of("register", place, of.version)));
            return lines;
        };
    }

    /** Takes back a line that {@link #lines} gave; others are left alone. */
    public void read(List<String> fields) {
        if (fields.get(0).equals("register")) {
            Version version = Version.parse(fields.get(2));
            held.put(
                    fields.get(1),
                    new Held(version, fields.size() > 3 ? Optional.of(fields.get(3)) : Optional.empty()));
            if (version.origin() == teller.origin()) {
                doubtful.add(fields.get(1));
            }
        }
    }
}
