package org.merlin.module.nagios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LayoutTest {
    @Test
    void isChosenByProjectAndVersion() {
        assertThat(Layout.of("nagios 4.4.6").orElseThrow().name()).isEqualTo("nagios-4.4");
        assertThat(Layout.of("nagios 4.5.12").orElseThrow().name()).isEqualTo("nagios-4.5");
        assertThat(Layout.of("naemon 1.5.2").orElseThrow().name()).isEqualTo("naemon-1");
    }

    @Test
    void aSchedulerThatIsNotInTheTableHasNone() {
        for (String unknown :
                new String[] {"nagios 4.6.0", "nagios 3.5.1", "nagios 4.41.0", "naemon 2.0.0", "icinga 1.14", ""}) {
            assertThat(Layout.of(unknown)).as(unknown).isEmpty();
        }
    }

    @Test
    void noTwoFieldsOfAStructureShareAnOffset() {
        for (String scheduler : new String[] {"nagios 4.4.6", "nagios 4.5.12", "naemon 1.5.2"}) {
            Layout layout = Layout.of(scheduler).orElseThrow();
            for (String type : new String[] {"host.", "service."}) {
                Map<Integer, String> byOffset = new TreeMap<>();
                layout.offsets().forEach((field, offset) -> {
                    if (field.startsWith(type) && !field.endsWith("sizeof")) {
                        assertThat(byOffset.put(offset, field))
                                .as("%s at %d, %s", field, offset, scheduler)
                                .isNull();
                        assertThat(offset).as(field).isLessThanOrEqualTo(layout.at(type + "sizeof") - Integer.BYTES);
                    }
                });
                assertThat(byOffset).hasSizeGreaterThan(25);
            }
        }
    }

    /** A line without a blank between name and offset was left out once, and acknowledgements of services failed. */
    @Test
    void everyLineOfTheTableIsTaken() {
        for (String scheduler : new String[] {"nagios 4.4.6", "nagios 4.5.12", "naemon 1.5.2"}) {
            Layout layout = Layout.of(scheduler).orElseThrow();
            assertThat(layout.has("service.problem_has_been_acknowledged")).isTrue();
            assertThat(layout.has("contact.service_notifications_enabled")).isTrue();
        }
    }

    @Test
    void aFieldThatIsMissingIsNamed() {
        Layout layout = Layout.of("nagios 4.4.6").orElseThrow();
        assertThat(layout.has("host.last_time_3")).isFalse();
        assertThatThrownBy(() -> layout.at("host.last_time_3"))
                .hasMessageContaining("no host.last_time_3 for nagios-4.4");
    }
}
