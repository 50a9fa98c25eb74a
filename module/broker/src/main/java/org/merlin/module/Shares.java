package org.merlin.module;

import static org.merlin.module.Figures.Name.HOSTS_MINE;
import static org.merlin.module.Figures.Name.HOSTS_OVERDUE;
import static org.merlin.module.Figures.Name.HOSTS_UNASSIGNED;
import static org.merlin.module.Figures.Name.SERVICES_MINE;
import static org.merlin.module.Figures.Name.SERVICES_OVERDUE;
import static org.merlin.module.Figures.Name.SERVICES_UNASSIGNED;

import org.merlin.module.hook.Precheck;
import org.merlin.protocol.slot.RunnerRule;
import org.merlin.protocol.slot.SlotTable;

/** Counts how many checks are this node's, how many are nobody's, and how many results of others are missing. */
final class Shares {
    private final SlotTable slots;
    private final Figures figures;

    Shares(SlotTable slots, Figures figures) {
        this.slots = slots;
        this.figures = figures;
    }

    void count(RunnerRule rule) {
        long[] mine = new long[2];
        long[] unassigned = new long[2];
        for (int index = 0; index < slots.size(); index++) {
            int kind = slots.object(index).isHost() ? 0 : 1;
            String runner = rule.inLine(slots, index, 0);
            boolean ours = runner.equals(rule.self());
            mine[kind] += ours ? 1 : 0;
            unassigned[kind] += runner.isEmpty() ? 1 : 0;
        }
        figures.set(HOSTS_MINE, mine[0]);
        figures.set(SERVICES_MINE, mine[1]);
        figures.set(HOSTS_UNASSIGNED, unassigned[0]);
        figures.set(SERVICES_UNASSIGNED, unassigned[1]);
    }

    void countOverdue(Precheck precheck) {
        long[] overdue = new long[2];
        for (int index = 0; index < slots.size(); index++) {
            if (precheck.overdue(index) > 0) {
                overdue[slots.object(index).isHost() ? 0 : 1]++;
            }
        }
        figures.set(HOSTS_OVERDUE, overdue[0]);
        figures.set(SERVICES_OVERDUE, overdue[1]);
    }
}
