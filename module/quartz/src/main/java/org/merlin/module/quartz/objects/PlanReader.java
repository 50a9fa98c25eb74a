package org.merlin.module.quartz.objects;

import java.util.Map;
import java.util.Optional;
import org.merlin.module.quartz.objects.Block.Attribute;

/** Reads from a host's or service's block when it is checked. Confined to the reading thread. */
final class PlanReader {
    private static final double USUAL_CHECK_INTERVAL = 5;
    private static final double USUAL_RETRY_INTERVAL = 1;

    private final Map<String, Timeperiod> timeperiods;
    private final Problems problems;

    /**
     * Makes a reader.
     *
     * @param timeperiods by name, all read before the first plan
     */
    PlanReader(Map<String, Timeperiod> timeperiods, Problems problems) {
        this.timeperiods = timeperiods;
        this.problems = problems;
    }

    CheckPlan read(Block block) {
        double check = number(block, "check_interval", "normal_check_interval", USUAL_CHECK_INTERVAL);
        double retry = number(block, "retry_interval", "retry_check_interval", USUAL_RETRY_INTERVAL);
        boolean passive = block.get("accept_passive_checks").isPresent()
                ? flag(block, "accept_passive_checks")
                : flag(block, "passive_checks_enabled");
        return new CheckPlan(
                check, retry, attempts(block), flag(block, "active_checks_enabled"), passive, period(block));
    }

    private double number(Block block, String name, String oldName, double otherwise) {
        Optional<Attribute> attribute = block.get(name).or(() -> block.get(oldName));
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

    private int attempts(Block block) {
        String value = block.text("max_check_attempts", "1");
        if (!value.matches("\\d{1,5}") || Integer.parseInt(value) == 0) {
            problems.error(
                    block.lineOf("max_check_attempts"),
                    "max_check_attempts is '" + value + "'; a whole number from 1 would be right");
            return 1;
        }
        return Integer.parseInt(value);
    }

    private boolean flag(Block block, String name) {
        String value = block.text(name, "1");
        if (!value.equals("0") && !value.equals("1")) {
            problems.error(block.lineOf(name), name + " is '" + value + "'; 0 or 1 would be right");
        }
        return !value.equals("0");
    }

    private Timeperiod period(Block block) {
        String name = block.text("check_period", "");
        if (name.isEmpty()) {
            return Timeperiod.ALWAYS;
        }
        Timeperiod period = timeperiods.get(name);
        if (period == null) {
            problems.unknown(block.lineOf("check_period"), "timeperiod", name, timeperiods.keySet());
            return Timeperiod.ALWAYS;
        }
        return period;
    }
}
