package org.merlin.protocol.conf;

import static org.merlin.protocol.conf.ConfProblems.quoted;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Hands out the values of one file's sections. Confined to one thread. */
final class Sections {
    private final Path folder;
    private final ConfProblems problems;
    private final Map<String, Set<String>> vocabulary;
    private final List<ConfValues> read = new ArrayList<>();

    /**
     * Begins.
     *
     * @param folder what relative paths are relative to
     * @param vocabulary the keys of all kinds of sections
     */
    Sections(Path folder, ConfProblems problems, Map<String, Set<String>> vocabulary) {
        this.folder = folder;
        this.problems = problems;
        this.vocabulary = vocabulary;
    }

    ConfValues values(ConfSection section) {
        ConfValues values = new ConfValues(folder, section, problems);
        read.add(values);
        return values;
    }

    /** The only section of a name, without a title. Further ones are errors, and are checked with the first. */
    Optional<ConfValues> only(ConfSection parent, String name) {
        List<ConfSection> found = parent.sections().stream()
                .filter(section -> section.name().equals(name))
                .toList();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        ConfSection all = new ConfSection(name, "", found.get(0).line());
        for (ConfSection section : found) {
            if (!section.title().isEmpty()) {
                problems.error(
                        section.line(),
                        "section " + quoted(name) + " takes no name, here it has " + quoted(section.title()));
            }
            if (section != found.get(0)) {
                problems.error(
                        section.line(), "a second section " + quoted(name) + "; the first is in line " + all.line());
            }
            all.entries().addAll(section.entries());
            all.sections().addAll(section.sections());
        }
        return Optional.of(values(all));
    }

    /** The only section of a name, or one without entries. */
    ConfValues onlyOrEmpty(ConfSection parent, String name) {
        return only(parent, name).orElseGet(() -> values(new ConfSection(name, "", 0)));
    }

    /** Refuses what nobody asked for, when all of a section is read. */
    void finish(ConfValues values, Collection<String> sections) {
        values.refuseUnread(vocabulary);
        values.refuseSections(sections);
    }

    /** Every key that was asked for, by the name of its section; that of keys outside of sections is empty. */
    Map<String, Set<String>> vocabulary() {
        Map<String, Set<String>> words = new TreeMap<>();
        read.forEach(values -> words.computeIfAbsent(values.section().name(), name -> new TreeSet<>())
                .addAll(values.known()));
        return words;
    }
}
