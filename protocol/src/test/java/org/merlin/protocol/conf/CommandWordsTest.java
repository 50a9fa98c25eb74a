package org.merlin.protocol.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandWordsTest {
    private static List<String> words(String line) {
        return CommandWords.of(line).orElseThrow();
    }

    @Test
    void blanksPartWordsAndQuotesKeepThemTogether() {
        assertThat(words("  mon  oconf\tpush ")).containsExactly("mon", "oconf", "push");
        assertThat(words("a 'b c' \"d e\" f\\ g")).containsExactly("a", "b c", "d e", "f g");
        assertThat(words("a''b \"\" 'c'\"d\"e")).containsExactly("ab", "", "cde");
        assertThat(words("")).isEmpty();
    }

    @Test
    void nothingIsExpanded() {
        assertThat(words("echo $HOME `id` *.cfg ~ a;b")).containsExactly("echo", "$HOME", "`id`", "*.cfg", "~", "a;b");
    }

    @Test
    void backslashesMeanWhatTheyMeanToAShell() {
        assertThat(words("\\'a\\\\ 'b\\c' \"d\\e\\\"f\\$g\"")).containsExactly("'a\\", "b\\c", "d\\e\"f$g");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a 'b", "a \"b", "a \"b\\\"", "a\\"})
    void aQuoteThatIsNotClosedIsNoCommandLine(String line) {
        assertThat(CommandWords.of(line)).isEmpty();
    }

    @Test
    void aSignForAShellIsOneThatNoQuoteHides() {
        assertThat(CommandWords.signForShell("rsync a b && restart")).contains("&");
        assertThat(CommandWords.signForShell("echo \"$HOME\"")).contains("$");
        assertThat(CommandWords.signForShell("cp ~/a b")).contains("~");
        assertThat(CommandWords.signForShell("sh -c 'a | b > c; $d' x~y \"a|b\" \\;"))
                .isEmpty();
    }

    @Property
    void whatIsQuotedComesBackAsItWas(@ForAll List<String> all) {
        String line = String.join(
                " ",
                all.stream().map(word -> "'" + word.replace("'", "'\\''") + "'").toList());
        assertThat(words(line)).isEqualTo(all);
    }
}
