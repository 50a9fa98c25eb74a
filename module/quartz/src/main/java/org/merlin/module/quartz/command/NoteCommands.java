package org.merlin.module.quartz.command;

import org.merlin.module.quartz.objects.Inventory;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.MonitoredObject;

/** Commands for comments, acknowledgements, downtimes and what contacts are told. Confined to the core's thread. */
final class NoteCommands {
    private final Inventory inventory;
    private final CommandTarget target;

    NoteCommands(Inventory inventory, CommandTarget target) {
        this.inventory = inventory;
        this.target = target;
    }

    void addTo(CommandTable table) {
        for (boolean host : new boolean[] {true, false}) {
            String kind = host ? "HOST" : "SVC";
            int names = host ? 1 : 2;
            addComments(table, kind, host, names);
            addAcknowledgements(table, kind, host, names);
            addNotifications(table, kind, host, names);
            addFlapping(table, kind, host, names);
            table.add("SCHEDULE_" + kind + "_DOWNTIME", names + 7, a -> {
                int index = a.object(host);
                if (schedule(a, names, index, trigger(a, names + 3)) == 0) {
                    throw new BadCommand("it would be over already, its trigger is not there, or there are too many");
                }
            });
            table.add("DEL_" + kind + "_DOWNTIME", 1, a -> {
                if (!target.deleteDowntime(a.number(0))) {
                    throw new BadCommand("there is no downtime " + a.text(0));
                }
            });
        }
        addDowntimesOfMany(table);
        addDeletionsOfMany(table);
    }

    private void addComments(CommandTable table, String kind, boolean host, int names) {
        table.add("ADD_" + kind + "_COMMENT", names + 3, a -> {
            int index = a.object(host);
            target.comment(
                    index,
                    new Comment(
                            name(index), a.entrySeconds(), a.text(names + 1), a.text(names + 2), a.flag(names), 1, 0));
        });
        table.add("DEL_" + kind + "_COMMENT", 1, a -> {
            if (!target.deleteComment(a.number(0))) {
                throw new BadCommand("there is no comment " + a.text(0));
            }
        });
        table.add("DEL_ALL_" + kind + "_COMMENTS", names, a -> target.deleteComments(a.object(host)));
    }

    private void addAcknowledgements(CommandTable table, String kind, boolean host, int names) {
        table.add("ACKNOWLEDGE_" + kind + "_PROBLEM", names + 5, a -> acknowledge(a, names, a.object(host), false));
        table.add(
                "ACKNOWLEDGE_" + kind + "_PROBLEM_EXPIRE", names + 6, a -> acknowledge(a, names, a.object(host), true));
        table.add(
                "REMOVE_" + kind + "_ACKNOWLEDGEMENT",
                names,
                a -> target.removeAcknowledgement(a.object(host), a.entrySeconds()));
    }

    private void acknowledge(Arguments a, int at, int index, boolean expires) throws BadCommand {
        int author = expires ? at + 4 : at + 3;
        target.acknowledge(
                index,
                new Acknowledgement(
                        name(index),
                        true,
                        0,
                        0,
                        a.text(at).strip().equals("2"),
                        a.flag(at + 2),
                        a.flag(at + 1),
                        a.text(author),
                        a.text(author + 1),
                        a.entrySeconds(),
                        expires ? a.number(at + 3) : 0));
    }

    private void addNotifications(CommandTable table, String kind, boolean host, int names) {
        table.add(
                "DELAY_" + kind + "_NOTIFICATION",
                names + 1,
                a -> target.delayNotification(a.object(host), a.millis(names)));
        table.add(
                "SET_" + kind + "_NOTIFICATION_NUMBER",
                names + 1,
                a -> target.numberNotification(a.object(host), (int) Math.min(a.number(names), Integer.MAX_VALUE)));
        table.add(
                "SEND_CUSTOM_" + kind + "_NOTIFICATION",
                names + 3,
                a -> target.tellContacts(a.object(host), a.number(names), a.text(names + 1), a.text(names + 2)));
    }

    private void addFlapping(CommandTable table, String kind, boolean host, int names) {
        table.add("CLEAR_" + kind + "_FLAPPING_STATE", names, a -> target.clearFlapping(a.object(host)));
    }

    private MonitoredObject name(int index) {
        return inventory.get(index).name();
    }

    /** Schedules what the arguments from a place on say: start, end, fixed, trigger, duration, author, comment. */
    private long schedule(Arguments a, int at, int index, long trigger) throws BadCommand {
        boolean fixed = a.flag(at + 2);
        long start = a.number(at);
        long end = a.number(at + 1);
        Downtime downtime = new Downtime(
                name(index),
                a.entrySeconds(),
                a.text(at + 5),
                a.text(at + 6),
                start,
                end,
                fixed,
                fixed ? Math.max(0, end - start) : a.number(at + 4),
                EventName.NONE);
        return target.schedule(index, downtime, trigger);
    }

    private static long trigger(Arguments a, int place) throws BadCommand {
        return a.text(place).isBlank() ? 0 : a.number(place);
    }

    private void scheduleAll(Arguments a, int[] objects) throws BadCommand {
        for (int index : objects) {
            schedule(a, 1, index, trigger(a, 4));
        }
    }

    private void addDowntimesOfMany(CommandTable table) {
        table.add("SCHEDULE_HOST_SVC_DOWNTIME", 8, a -> scheduleAll(a, a.servicesOfHost()));
        table.add("SCHEDULE_HOSTGROUP_HOST_DOWNTIME", 8, a -> scheduleAll(a, a.hostsOfGroup()));
        table.add("SCHEDULE_HOSTGROUP_SVC_DOWNTIME", 8, a -> {
            for (int host : a.hostsOfGroup()) {
                scheduleAll(a, inventory.servicesOf(host));
            }
        });
        table.add("SCHEDULE_SERVICEGROUP_SVC_DOWNTIME", 8, a -> scheduleAll(a, a.servicesOfGroup()));
        table.add("SCHEDULE_SERVICEGROUP_HOST_DOWNTIME", 8, a -> scheduleAll(a, a.hostsOfServicegroup()));
        for (boolean triggered : new boolean[] {true, false}) {
            table.add("SCHEDULE_AND_PROPAGATE_" + (triggered ? "TRIGGERED_" : "") + "HOST_DOWNTIME", 8, a -> {
                int host = a.host();
                long first = schedule(a, 1, host, trigger(a, 4));
                if (first == 0) {
                    throw new BadCommand("it would be over already, its trigger is not there, or there are too many");
                }
                for (int child : inventory.hostsBehind(host)) {
                    schedule(a, 1, child, triggered ? first : 0);
                }
            });
        }
    }

    private void addDeletionsOfMany(CommandTable table) {
        table.add("DEL_DOWNTIME_BY_HOST_NAME", 4, a -> {
            int host = a.host();
            long start = a.text(2).isBlank() ? 0 : a.number(2);
            if (!a.text(1).isBlank()) {
                target.deleteDowntimes(a.service(), start, a.text(3));
                return;
            }
            target.deleteDowntimes(host, start, a.text(3));
            for (int service : inventory.servicesOf(host)) {
                target.deleteDowntimes(service, start, a.text(3));
            }
        });
        table.add("DEL_DOWNTIME_BY_HOSTGROUP_NAME", 5, a -> {
            long start = a.text(3).isBlank() ? 0 : a.number(3);
            for (int host : a.hostsOfGroup()) {
                String name = inventory.get(host).name().host();
                if (!a.text(1).isBlank() && !a.text(1).equals(name)) {
                    continue;
                }
                if (a.text(2).isBlank()) {
                    target.deleteDowntimes(host, start, a.text(4));
                }
                for (int service : inventory.servicesOf(host)) {
                    if (a.text(2).isBlank()
                            || a.text(2).equals(inventory.get(service).name().service())) {
                        target.deleteDowntimes(service, start, a.text(4));
                    }
                }
            }
        });
        table.add("DEL_DOWNTIME_BY_START_TIME_COMMENT", 2, a -> {
            long start = a.text(0).isBlank() ? 0 : a.number(0);
            if (start == 0 && a.text(1).isEmpty()) {
                throw new BadCommand("neither start nor comment is given");
            }
            for (int index = 0; index < inventory.size(); index++) {
                target.deleteDowntimes(index, start, a.text(1));
            }
        });
    }
}
