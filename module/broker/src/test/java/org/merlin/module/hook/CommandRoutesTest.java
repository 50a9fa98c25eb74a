package org.merlin.module.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.slot.SlotTable;

class CommandRoutesTest {
    private final CommandRoutes routes = new CommandRoutes(new ObjectIndex(SlotTable.of(
            List.of(MonitoredObject.ofHost("web"), MonitoredObject.ofService("web", "http")),
            List.of(List.of(), List.of()),
            List.of())));

    @ParameterizedTest
    @CsvSource({
        "SCHEDULE_FORCED_SVC_CHECK, OBJECT",
        "SCHEDULE_HOST_SVC_CHECKS, OBJECT",
        "SEND_CUSTOM_HOST_NOTIFICATION, CUSTOM_NOTIFICATION",
        "_MY_OWN, ALL",
        "ADD_SVC_COMMENT, NONE",
        "DEL_DOWNTIME_BY_HOSTGROUP_NAME, NONE",
        "ACKNOWLEDGE_SVC_PROBLEM_EXPIRE, NONE",
        "DISABLE_NOTIFICATIONS, NONE",
        "PROCESS_SERVICE_CHECK_RESULT, NONE",
        "RESTART_PROGRAM, NONE",
        "SHUTDOWN_PROGRAM, NONE"
    })
    void onlyCommandsThatNeitherCreateNorSetAnythingTravel(String name, CommandRoutes.Route route) {
        assertThat(CommandRoutes.of(new ExternalCommand(name, "", 0))).isEqualTo(route);
    }

    @Test
    void aCommandForAHostsServicesIsOneForTheHost() {
        assertThat(index("SCHEDULE_HOST_SVC_CHECKS", "web;1700000000")).hasValue(0);
        assertThat(index("SCHEDULE_FORCED_HOST_CHECK", "web;1700000000")).hasValue(0);
        assertThat(index("SCHEDULE_SVC_CHECK", "web;http;1700000000")).hasValue(1);
        assertThat(index("SEND_CUSTOM_SVC_NOTIFICATION", "web;http;0;anna;text"))
                .hasValue(1);
        assertThat(index("SCHEDULE_SVC_CHECK", "web;ftp;1700000000")).isEmpty();
    }

    private OptionalInt index(String name, String arguments) {
        return routes.objectOf(new ExternalCommand(name, arguments, 0));
    }
}
