package org.merlin.module.nagios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.module.nagios.ObjectField.CURRENT_STATE;
import static org.merlin.module.nagios.ObjectField.LAST_HARD_STATE;
import static org.merlin.module.nagios.ObjectField.STATE_TYPE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.StateType;

class ObjectReaderTest {
    private static final int OBJECT = 256;
    private static final int TEXTS = 1280;

    private final Layout layout = Layout.of("nagios 4.4.6").orElseThrow();
    private final ByteBuffer events = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());

    private void put(ObjectField field, int value) {
        events.putInt(OBJECT + layout.part("service").at(field), value);
    }

    private CheckResult read(String... texts) {
        int at = TEXTS;
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            events.putInt(at, bytes.length).put(at + Integer.BYTES, bytes);
            at += Integer.BYTES + bytes.length;
        }
        return new ObjectReader(events, layout).result(MonitoredObject.ofService("web", "http"));
    }

    /** Nagios notes it after it has told of the result; who took over then would find a change, and mail, again. */
    @Test
    void theLastHardStateIncludesTheResult() {
        put(CURRENT_STATE, 2);
        put(STATE_TYPE, 1);
        put(LAST_HARD_STATE, 0);
        CheckResult hard = read("", "", "");
        assertThat(hard.stateType()).isEqualTo(StateType.HARD);
        assertThat(hard.history().lastHardState()).isEqualTo(2);
        put(STATE_TYPE, 0);
        assertThat(read("", "", "").history().lastHardState()).isZero();
    }

    @Test
    void furtherLinesAreLinesAgain() {
        CheckResult result = read("first", "second\\nthird \\\\n\\x", "a=1 b=2");
        assertThat(result.output().text()).isEqualTo("first");
        assertThat(result.output().longText()).isEqualTo("second\nthird \\n\\x");
        assertThat(result.output().perfData()).isEqualTo("a=1 b=2");
    }
}
