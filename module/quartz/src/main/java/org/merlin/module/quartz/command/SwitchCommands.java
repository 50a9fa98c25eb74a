package org.merlin.module.quartz.command;

import java.util.Optional;
import org.merlin.module.hook.Attributes;
import org.merlin.module.quartz.objects.Contact;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.event.Register.Subject;

/**
 * Commands that switch an attribute of many things at once: of a host's services, of a group. Those for one thing alone are in
 * {@link Attributes}. Confined to the core's thread.
 */
final class SwitchCommands {
    private final Inventory inventory;
    private final CommandTarget target;

    SwitchCommands(Inventory inventory, CommandTarget target) {
        this.inventory = inventory;
        this.target = target;
    }

    void addTo(CommandTable table) {
        for (String on : new String[] {"1", "0"}) {
            String enable = on.equals("1") ? "ENABLE_" : "DISABLE_";
            table.add(enable + "HOST_SVC_CHECKS", 1, a -> all(a.servicesOfHost(), Attributes.CHECKS, on));
            table.add(enable + "HOST_SVC_NOTIFICATIONS", 1, a -> all(a.servicesOfHost(), Attributes.NOTIFICATIONS, on));
            table.add(enable + "HOST_AND_CHILD_NOTIFICATIONS", 1, a -> {
                all(new int[] {a.host()}, Attributes.NOTIFICATIONS, on);
                all(inventory.hostsBehind(a.host()), Attributes.NOTIFICATIONS, on);
            });
            table.add(enable + "ALL_NOTIFICATIONS_BEYOND_HOST", 1, a -> {
                for (int host : inventory.hostsBehind(a.host())) {
                    all(new int[] {host}, Attributes.NOTIFICATIONS, on);
                    all(inventory.servicesOf(host), Attributes.NOTIFICATIONS, on);
                }
            });
            addGroups(table, enable, "CHECKS", Attributes.CHECKS, on);
            addGroups(table, enable, "NOTIFICATIONS", Attributes.NOTIFICATIONS, on);
            addGroups(table, enable, "PASSIVE", Attributes.PASSIVE_CHECKS, on);
            table.add(
                    enable + "CONTACTGROUP_HOST_NOTIFICATIONS",
                    1,
                    a -> contacts(a.text(0), Attributes.HOST_NOTIFICATIONS, on));
            table.add(
                    enable + "CONTACTGROUP_SVC_NOTIFICATIONS",
                    1,
                    a -> contacts(a.text(0), Attributes.SERVICE_NOTIFICATIONS, on));
        }
    }

    private void addGroups(CommandTable table, String enable, String what, String attribute, String on) {
        boolean passive = what.equals("PASSIVE");
        String hosts = passive ? "PASSIVE_HOST_CHECKS" : "HOST_" + what;
        String services = passive ? "PASSIVE_SVC_CHECKS" : "SVC_" + what;
        table.add(enable + "HOSTGROUP_" + hosts, 1, a -> all(a.hostsOfGroup(), attribute, on));
        table.add(enable + "HOSTGROUP_" + services, 1, a -> {
            for (int host : a.hostsOfGroup()) {
                all(inventory.servicesOf(host), attribute, on);
            }
        });
        table.add(enable + "SERVICEGROUP_" + services, 1, a -> all(a.servicesOfGroup(), attribute, on));
        table.add(enable + "SERVICEGROUP_" + hosts, 1, a -> all(a.hostsOfServicegroup(), attribute, on));
    }

    private void all(int[] objects, String attribute, String value) throws BadCommand {
        for (int index : objects) {
            set(Register.of(inventory.get(index).name(), attribute, value));
        }
    }

    private void contacts(String group, String attribute, String value) throws BadCommand {
        for (Contact contact : inventory.contacts()) {
            if (contact.groups().contains(group)) {
                set(new Register(Subject.CONTACT, contact.name(), "", attribute, value));
            }
        }
    }

    /** Sets one attribute. */
    void set(Register register) throws BadCommand {
        Optional<String> refused = target.set(register);
        if (refused.isPresent()) {
            throw new BadCommand(refused.get());
        }
    }
}
