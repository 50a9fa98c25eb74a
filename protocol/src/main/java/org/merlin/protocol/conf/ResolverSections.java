package org.merlin.protocol.conf;

import static org.merlin.protocol.conf.ConfProblems.quoted;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the sections {@code resolver}: one server of names for each domain. */
final class ResolverSections {
    private static final Pattern DOMAIN =
            Pattern.compile("(?=.{1,200}$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\\.[a-z0-9_][a-z0-9_-]{0,62})*");
    private static final Duration LEAST_TIMEOUT = Duration.ofMillis(100);
    private static final Duration MOST_TIMEOUT = Duration.ofMinutes(1);

    private final Sections sections;
    private final Map<String, Integer> lines = new HashMap<>();

    private ResolverSections(Sections sections) {
        this.sections = sections;
    }

    /** All of a file, in its order; those with an error are left out. */
    static List<MerlinConf.Resolver> read(Sections sections, ConfSection root) {
        ResolverSections reader = new ResolverSections(sections);
        List<MerlinConf.Resolver> resolvers = new ArrayList<>();
        root.sections().stream()
                .filter(section -> section.name().equals("resolver"))
                .forEach(section -> reader.read(sections.values(section)).ifPresent(resolvers::add));
        return resolvers;
    }

    private Optional<MerlinConf.Resolver> read(ConfValues resolver) {
        ConfSection section = resolver.section();
        if (!section.title().isEmpty()) {
            resolver.error(
                    section.line(),
                    "section 'resolver' takes no name, here it has " + quoted(section.title())
                            + ": write resolver { domain = " + section.title() + "; ... }");
        }
        Optional<String> domain = domain(resolver);
        Optional<String> address = address(resolver);
        int port = resolver.number("port", 1, 65_535, MerlinConf.Resolver.DEFAULT_PORT);
        Duration timeout =
                resolver.duration("timeout", LEAST_TIMEOUT, MOST_TIMEOUT).orElse(MerlinConf.Resolver.DEFAULT_TIMEOUT);
        sections.finish(resolver, List.of());
        return domain.flatMap(name -> address.map(at -> new MerlinConf.Resolver(name, at, port, timeout)));
    }

    private Optional<String> domain(ConfValues resolver) {
        Optional<ConfSection.Entry> entry = resolver.entry("domain");
        if (entry.isEmpty()) {
            require(resolver, "domain", "no domain: write domain = consul; for all names that end in .consul");
            return Optional.empty();
        }
        String domain = entry.get().value().toLowerCase(Locale.ROOT).replaceAll("^\\.|\\.$", "");
        if (!DOMAIN.matcher(domain).matches()) {
            resolver.refuse(
                    entry.get(), "is no domain: write the end of the names that this server knows, e.g. consul");
            return Optional.empty();
        }
        Integer before = lines.putIfAbsent(domain, entry.get().line());
        if (before != null) {
            resolver.refuse(entry.get(), "has a server already, in line " + before + ": a domain has one section");
            return Optional.empty();
        }
        return Optional.of(domain);
    }

    private Optional<String> address(ConfValues resolver) {
        Optional<ConfSection.Entry> entry = resolver.entry("address");
        if (entry.isEmpty()) {
            require(resolver, "address", "no address: write address = 127.0.0.1; where its server is");
            return Optional.empty();
        }
        Optional<String> literal = ConfValues.literal(entry.get().value());
        if (literal.isEmpty()) {
            resolver.refuse(
                    entry.get(),
                    "is no IP address: a server of names cannot be found by a name; the port has a key of its own");
        }
        return literal;
    }

    /** Says what is missing, unless an entry without a value said so. */
    private static void require(ConfValues resolver, String key, String complaint) {
        if (!resolver.has(key)) {
            resolver.error(resolver.section().line(), "section 'resolver' has " + complaint);
        }
    }
}
