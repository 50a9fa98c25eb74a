package org.merlin.module.quartz.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.merlin.protocol.event.CheckResult.Output;

class PluginOutputTest {
    @Test
    void takesTheFirstLineApart() {
        assertThat(PluginOutput.parse("OK - fine | a=1;2 b=3\n")).isEqualTo(new Output("OK - fine", "", "a=1;2 b=3"));
    }

    @Test
    void readsFurtherLinesUpToTheirBarAsText() {
        assertThat(PluginOutput.parse(
                        "DISK OK | /=2643MB\n/ 15272 MB\n /boot 68 MB | /boot=68MB\n/home=69357MB\n/var=819MB\n"))
                .isEqualTo(new Output(
                        "DISK OK", "/ 15272 MB\n /boot 68 MB", "/=2643MB /boot=68MB /home=69357MB /var=819MB"));
    }

    @Test
    void saysSoIfThereIsNothing() {
        assertThat(PluginOutput.parse("")).isEqualTo(Output.of("(No output returned from plugin)"));
        assertThat(PluginOutput.parse("\n\n").text()).isEqualTo("(No output returned from plugin)");
    }

    @Test
    void cutsBetweenCharacters() {
        Output cut = PluginOutput.parse("ä".repeat(20_000) + "\n" + "x" + "ä".repeat(40_000));
        assertThat(cut.text()).isEqualTo("ä".repeat(8192));
        assertThat(cut.longText()).isEqualTo("x" + "ä".repeat(32767));
    }
}
