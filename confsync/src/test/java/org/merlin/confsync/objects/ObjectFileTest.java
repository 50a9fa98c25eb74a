package org.merlin.confsync.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.merlin.confsync.objects.ObjectFile.SyntaxException;

class ObjectFileTest {
    private static ObjectFile file(String text) throws SyntaxException {
        return ObjectFile.parse("o.cfg", text.lines().toList());
    }

    @Test
    void whatItWritesReadsTheSame() throws SyntaxException {
        ObjectFile file = file("""
                # comment
                define command {
                  command_name ping ; comment
                  command_line check_ping \\; true
                }
                """);
        assertThat(file.text())
                .isEqualTo("define command {\n\tcommand_name\tping\n\tcommand_line\tcheck_ping \\; true\n}\n\n");
        assertThat(file(file.text()).text()).isEqualTo(file.text());
    }

    @Test
    void daysWithTheSameFirstWordAreDifferentDays() throws SyntaxException {
        ObjectFile file = file("""
                define timeperiod {
                  timeperiod_name holidays
                  january 1  00:00-24:00
                  january 2  00:00-24:00
                  monday 1 may 10:00-12:00, 13:00-14:00
                  monday 00:00-24:00
                  january 1 01:00-02:00
                  monday 01:00-24:00
                }
                """);
        assertThat(file.blocks().get(0).attributes())
                .isEqualTo(Map.of(
                        "timeperiod_name", "holidays",
                        "january 1", "00:00-24:00",
                        "january 2", "00:00-24:00",
                        "monday 1 may", "10:00-12:00,13:00-14:00",
                        "monday", "01:00-24:00"));
    }

    @Test
    void semicolonsOfTheSchedulersCacheGetTheirEscape() throws SyntaxException {
        ObjectFile file = file("#  NAEMON OBJECT CACHE FILE\ndefine host {\n\tnotes\ta;b\n\t}\n");
        assertThat(file.blocks().get(0).get("notes")).isEqualTo("a\\;b");
    }

    @Test
    void namesTheLineOfWhatIsNoBlock() {
        assertThatThrownBy(() -> ObjectFile.parse("o.cfg", List.of("", "host x")))
                .isInstanceOf(SyntaxException.class)
                .hasMessage("o.cfg:2: 'host x' is outside a block; one begins: define TYPE {");
        assertThatThrownBy(() -> ObjectFile.parse("o.cfg", List.of("define host {", "host_name a")))
                .hasMessage("o.cfg:1: define host is not closed by a }");
    }
}
