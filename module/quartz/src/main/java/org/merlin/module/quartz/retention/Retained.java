package org.merlin.module.quartz.retention;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.merlin.module.Memory;
import org.merlin.module.quartz.notes.Notes;
import org.merlin.module.quartz.state.ObjectState;
import org.merlin.protocol.event.Register;

/**
 * Everything that survives a restart, as of one moment.
 *
 * @param executing which regular checks are executed at all
 * @param objects by {@code host} or {@code host;service}
 * @param notes comments, downtimes, acknowledgements
 * @param settings what commands have set
 */
public record Retained(
        Memory memory, Executing executing, Map<String, Kept> objects, Notes.Kept notes, List<Register> settings) {
    /** A scheduler without a past. */
    public static final Retained NOTHING =
            new Retained(Memory.NONE, new Executing(true, true), Map.of(), Notes.Kept.NOTHING, List.of());

    /** Whether regular checks of hosts, and of services, are executed. */
    public record Executing(boolean hosts, boolean services) {}

    /**
     * An object.
     *
     * @param dueMillis when it was to be checked next; 0 for never
     * @param active whether it is checked regularly, where somebody switched that; empty where the object file decides
     */
    public record Kept(ObjectState state, long dueMillis, Optional<Boolean> active) {}
}
