package org.merlin.module.quartz.objects;

/** Reads from a host's or service's block when it is checked. Confined to the reading thread. */
final class PlanReader {
    private static final double USUAL_CHECK_INTERVAL = 5;
    private static final double USUAL_RETRY_INTERVAL = 1;

    private final Values values;
    private final Problems problems;

    PlanReader(Values values, Problems problems) {
        this.values = values;
        this.problems = problems;
    }

    CheckPlan read(Block block) {
        double check = values.number(
                block.get("check_interval").or(() -> block.get("normal_check_interval")), USUAL_CHECK_INTERVAL);
        double retry = values.number(
                block.get("retry_interval").or(() -> block.get("retry_check_interval")), USUAL_RETRY_INTERVAL);
        boolean passive = block.get("accept_passive_checks").isPresent()
                ? values.flag(block, "accept_passive_checks")
                : values.flag(block, "passive_checks_enabled");
        return new CheckPlan(
                check,
                retry,
                attempts(block),
                values.flag(block, "active_checks_enabled"),
                passive,
                values.period(block, "check_period"));
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
}
