package org.merlin.confsync.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** However a source is ordered, its parts are the same bytes. The source is what Nagios 4.4.6 wrote, with every type of block. */
class SplitterPropertyTest {
    private static final Set<String> LISTS =
            Set.of("members", "contacts", "contact_groups", "exclude", "stalking_options", "host_notification_options");
    private static final String CACHE = cache();

    private static String cache() {
        try (InputStream in = SplitterPropertyTest.class.getResourceAsStream("nagios-4.4.6.cache")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Property(tries = 200)
    void differentlyOrderedSourcesGiveTheSameBytes(@ForAll long seed) {
        String shuffled = shuffled(new Random(seed));
        Splitter first = SplitterTest.splitter(CACHE);
        Splitter second = SplitterTest.splitter(shuffled);
        for (List<String> groups : List.of(List.of("hg1"), List.of("hg2"), List.of("hg2", "hg1"))) {
            assertThat(SplitterTest.text(second.part(groups))).isEqualTo(SplitterTest.text(first.part(groups)));
        }
        assertThat(first.part(List.of("hg1", "hg2")).sha1())
                .isEqualTo(second.part(List.of("hg2", "hg1")).sha1());
        assertThat(first.part(List.of("hg1")).sha1())
                .isNotEqualTo(first.part(List.of("hg2")).sha1());
    }

    private static String shuffled(Random random) {
        List<String> blocks = new ArrayList<>(Arrays.asList(CACHE.split("(?m)^(?=define )")));
        String heading = blocks.remove(0);
        Collections.shuffle(blocks, random);
        return heading + blocks.stream().map(block -> shuffled(block, random)).collect(Collectors.joining("\n"));
    }

    /** The lines of a block in another order, and what its lists hold; of timeperiods days stay, where the first one counts. */
    private static String shuffled(String block, Random random) {
        List<String> lines = new ArrayList<>(block.strip().lines().toList());
        String first = lines.remove(0);
        String last = lines.remove(lines.size() - 1);
        if (!first.contains("timeperiod")) {
            Collections.shuffle(lines, random);
        }
        return first + "\n"
                + lines.stream().map(line -> line(line, first, random)).collect(Collectors.joining("\n"))
                + "\n" + last + "\n";
    }

    private static String line(String line, String heading, Random random) {
        String[] words = line.strip().split("\t", 2);
        boolean pairs = heading.contains("servicegroup")
                || heading.contains("define service ") && words[0].equals("parents") && words[1].contains(",");
        if (!LISTS.contains(words[0]) && !words[0].equals("parents")) {
            return line;
        }
        List<String> names = pairs ? pairs(words[1]) : new ArrayList<>(List.of(words[1].split(",")));
        Collections.shuffle(names, random);
        return "\t" + words[0] + "\t" + String.join(",", names);
    }

    private static List<String> pairs(String list) {
        String[] names = list.split(",");
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < names.length; i += 2) {
            pairs.add(names[i] + "," + names[i + 1]);
        }
        return pairs;
    }

    @Property(tries = 50)
    void theOrderOfBlocksDecidesNothingAboutOverlaps(@ForAll long seed) {
        Map<String, List<String>> pollers = Map.of("a", List.of("hg1"), "b", List.of("hg2"));
        assertThat(SplitterTest.splitter(shuffled(new Random(seed))).overlaps(pollers))
                .isEqualTo(SplitterTest.splitter(CACHE).overlaps(pollers));
    }
}
