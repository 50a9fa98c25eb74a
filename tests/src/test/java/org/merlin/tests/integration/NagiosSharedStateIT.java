package org.merlin.tests.integration;

import org.junit.jupiter.api.Test;

/** Two real Nagios. */
class NagiosSharedStateIT extends SharedStateContract {
    NagiosSharedStateIT() {
        super(RealScheduler.Kind.NAGIOS);
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
