package org.merlin.module.quartz.objects;

import java.util.Map;

/**
 * What an object is called and told about; for macros only.
 *
 * @param alias of a host; a service has none
 * @param address of a host; a service has none
 * @param custom the object's own variables by name in capitals, without the leading underscore
 */
public record Labels(
        String displayName,
        String alias,
        String address,
        String notes,
        String notesUrl,
        String actionUrl,
        Map<String, String> custom) {
    public Labels {
        custom = Map.copyOf(custom);
    }

    public Labels withCustom(Map<String, String> variables) {
        return new Labels(displayName, alias, address, notes, notesUrl, actionUrl, variables);
    }
}
