package org.merlin.module.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.event.Register.Subject;

class AttributesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DISABLE_SVC_CHECK|web;http|SERVICE|web|http|checks|0",
                "ENABLE_PASSIVE_HOST_CHECKS|web|HOST|web||passive_checks|1",
                "STOP_OBSESSING_OVER_SVC|web;http|SERVICE|web|http|obsessing|0",
                "DISABLE_CONTACT_SVC_NOTIFICATIONS|anna|CONTACT|anna||service_notifications|0",
                "ENABLE_NOTIFICATIONS||PROGRAM|||notifications|1",
                "DISABLE_SERVICE_FRESHNESS_CHECKS||PROGRAM|||freshness|0",
                "ENABLE_HOST_FRESHNESS_CHECKS||PROGRAM|||host_freshness|1",
                "CHANGE_NORMAL_SVC_CHECK_INTERVAL|web;http;7|SERVICE|web|http|check_interval|7",
                "CHANGE_SVC_CHECK_COMMAND|web;http;check!-w;1|SERVICE|web|http|check_command|check!-w;1",
                "CHANGE_CUSTOM_HOST_VAR|web;_RACK;a;b|HOST|web||variable:_RACK|a;b",
                "CHANGE_CONTACT_MODATTR|anna;1|CONTACT|anna||modified|1",
                "CHANGE_GLOBAL_SVC_EVENT_HANDLER|restart|PROGRAM|||service_event_handler_command|restart"
            })
    void whatACommandSetsAndTheCommandThatSetsItAreOne(
            String name, String arguments, Subject subject, String of, String service, String attribute, String value) {
        String given = arguments == null ? "" : arguments;
        ExternalCommand command = new ExternalCommand(name, given, 5);
        Register register =
                new Register(subject, of == null ? "" : of, service == null ? "" : service, attribute, value);
        assertThat(Attributes.of(command)).contains(register);
        assertThat(Attributes.command(register, 5)).contains(command);
    }

    @Test
    void whatConcernsNoSingleThingOrSetsNothingIsNoRegister() {
        for (String name : new String[] {"DISABLE_HOSTGROUP_SVC_CHECKS", "SCHEDULE_SVC_CHECK", "ADD_SVC_COMMENT"}) {
            assertThat(Attributes.of(new ExternalCommand(name, "a;b;c", 5))).isEmpty();
        }
        assertThat(Attributes.of(new ExternalCommand("CHANGE_CUSTOM_SVC_VAR", "web;http;_NOVALUE", 5)))
                .isEmpty();
    }

    @Test
    void anAttributeOfALaterReleaseIsLeftAlone() {
        assertThat(Attributes.command(new Register(Subject.HOST, "web", "", "colour", "red"), 5))
                .isEqualTo(Optional.empty());
    }
}
