package org.merlin.confsync.hooks;

import java.util.List;
import java.util.Optional;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.node.NodeRole;

/**
 * What is run for one node.
 *
 * @param own whether its own section says so
 */
public record HookCommands(Optional<HookCommand> push, Optional<HookCommand> fetch, boolean own) {
    public static final HookCommands NONE = new HookCommands(Optional.empty(), Optional.empty(), false);

    /**
     * The commands for a node: its own as they stand; of the global ones push for peers and pollers and fetch for masters, with its name
     * appended. Nothing is pushed to masters.
     */
    public static HookCommands of(MerlinConf.Node node) {
        MerlinConf.ObjectConfig conf = node.objectConfig();
        boolean master = node.role() == NodeRole.MASTER;
        List<String> name = conf.own() ? List.of() : List.of(node.name());
        return new HookCommands(
                conf.push().filter(line -> !master).map(line -> HookCommand.of(line, name, conf.shell())),
                conf.fetch().filter(line -> master || conf.own()).map(line -> HookCommand.of(line, name, conf.shell())),
                conf.own());
    }

    /** Whether there is one. */
    public boolean any() {
        return push.isPresent() || fetch.isPresent();
    }
}
