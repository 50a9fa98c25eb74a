package org.merlin.module.quartz.objects;

import java.util.ArrayList;
import java.util.List;

/**
 * How an object is checked: a command line in which macros are still to be filled in.
 *
 * @param name of the command object
 * @param line its {@code command_line}
 * @param arguments what stands for {@code $ARG1$}, {@code $ARG2$}, ...
 */
public record CheckCommand(String name, String line, List<String> arguments) {
    public CheckCommand {
        arguments = List.copyOf(arguments);
    }

    /** As it stands in the object: {@code name!arg1!arg2}, with {@code \!} for a literal exclamation mark. */
    public String text() {
        StringBuilder text = new StringBuilder(name);
        arguments.forEach(argument -> text.append('!').append(argument.replace("!", "\\!")));
        return text.toString();
    }

    /** Splits {@code name!arg1!arg2}; the first part is the name. */
    static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == '!') {
                part.append('!');
                i++;
            } else if (c == '!') {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }
}
