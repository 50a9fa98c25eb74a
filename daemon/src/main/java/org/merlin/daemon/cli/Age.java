package org.merlin.daemon.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** An age as an option takes it: seconds, or with a unit. */
final class Age {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([smhdwy]?)");
    private static final String UNITS = "smhdwy";
    private static final long[] UNIT_SECONDS = {1, 60, 3_600, 86_400, 604_800, 31_536_000};

    private Age() {}

    /** Reads it; 0 is none. */
    static long seconds(CommandSpec spec, String option, String age) {
        Matcher matcher = FORM.matcher(age);
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw new ParameterException(
                    spec.commandLine(), option + "=" + age + ": write seconds, or a unit as in 30m, 12h, 7d, 1y");
        }
        int unit = matcher.group(2).isEmpty() ? 0 : UNITS.indexOf(matcher.group(2));
        return Long.parseLong(matcher.group(1)) * UNIT_SECONDS[unit];
    }
}
