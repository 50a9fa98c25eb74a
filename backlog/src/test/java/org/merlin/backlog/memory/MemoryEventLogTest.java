package org.merlin.backlog.memory;

import org.merlin.backlog.EventLog;
import org.merlin.backlog.EventLogContract;

final class MemoryEventLogTest extends EventLogContract {
    @Override
    protected EventLog open() {
        return new MemoryEventLog();
    }
}
