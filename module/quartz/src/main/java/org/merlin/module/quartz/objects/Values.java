package org.merlin.module.quartz.objects;

import java.util.Map;
import java.util.Optional;
import org.merlin.module.quartz.objects.Block.Attribute;

/** Reads single values of a block, and complains of those that make no sense. Confined to the reading thread. */
final class Values {
    private final Map<String, Timeperiod> timeperiods;
    private final Problems problems;

    /**
     * Makes a reader.
     *
     * @param timeperiods by name, all read before the first block
     */
    Values(Map<String, Timeperiod> timeperiods, Problems problems) {
        this.timeperiods = timeperiods;
        this.problems = problems;
    }

    double number(Block block, String name, double otherwise) {
        return number(block.get(name), otherwise);
    }

    double number(Optional<Attribute> attribute, double otherwise) {
        if (attribute.isEmpty()) {
            return otherwise;
        }
        String value = attribute.get().value();
        if (!value.matches("\\d{1,9}(\\.\\d*)?|\\.\\d+")) {
            problems.error(
                    attribute.get().line(),
                    attribute.get().name() + " is '" + value + "'; a number like 5 or 0.5 would be right");
            return otherwise;
        }
        return Double.parseDouble(value);
    }

    /** A switch that is on where it is not mentioned. */
    boolean flag(Block block, String name) {
        return flag(block, name, true);
    }

    boolean flag(Block block, String name, boolean otherwise) {
        String value = block.text(name, otherwise ? "1" : "0");
        if (!value.equals("0") && !value.equals("1")) {
            problems.error(block.lineOf(name), name + " is '" + value + "'; 0 or 1 would be right");
        }
        return !value.equals("0");
    }

    /** A timeperiod; always where none is named. */
    Timeperiod period(Block block, String attribute) {
        String name = block.text(attribute, "");
        if (name.isEmpty()) {
            return Timeperiod.ALWAYS;
        }
        Timeperiod period = timeperiods.get(name);
        if (period == null) {
            problems.unknown(block.lineOf(attribute), "timeperiod", name, timeperiods.keySet());
            return Timeperiod.ALWAYS;
        }
        return period;
    }

    /** Which states and occasions are meant, see {@link Options}; all where the attribute is missing. */
    int options(Block block, String attribute, boolean host) {
        String text = block.text(attribute, "a");
        int options = 0;
        for (String word : text.split(",")) {
            int bits = word.isBlank() ? 0 : Options.of(word.strip(), host);
            if (bits < 0) {
                problems.error(
                        block.lineOf(attribute),
                        attribute + " has '" + word.strip() + "'; " + (host ? "d, u, r, f, s" : "w, u, c, r, f, s")
                                + " or n for none would be right");
            } else {
                options |= bits;
            }
        }
        return options;
    }
}
