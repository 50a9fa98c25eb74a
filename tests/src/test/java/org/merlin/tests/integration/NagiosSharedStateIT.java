package org.merlin.tests.integration;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Two real Nagios. */
class NagiosSharedStateIT extends SharedStateContract {
    @Override
    void assumePossible() {
        RealNagios.assumePossible();
    }

    @Override
    RealScheduler scheduler(RealNode node, String objects) throws IOException {
        return RealNagios.of(node, objects);
    }

    /** Nagios tells of it by nothing but the command. */
    @Test
    void aCustomVariableThatACommandSetsIsSetOnBoth() throws Exception {
        cluster().at("luke").command("CHANGE_CUSTOM_HOST_VAR;switch;RACK;r2");
        cluster()
                .onAll(
                        "the variable",
                        at -> at.object("switch")
                                .filter(of -> "1;r2".equals(of.get("_RACK")))
                                .isPresent());
    }
}
