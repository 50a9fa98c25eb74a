package org.merlin.protocol.event;

import org.merlin.protocol.node.Digests;

/**
 * Somebody switched or set an attribute of an object while the schedulers run. The packet's revision is the register's.
 *
 * @param subject what kind of thing has it
 * @param name host, contact; empty for the program
 * @param service of services, else empty
 * @param attribute which, as {@code Attributes} lists them
 * @param value 0 or 1 for switches
 */
public record Register(Subject subject, String name, String service, String attribute, String value) implements Event {
    /** Ordinals travel. */
    public enum Subject {
        HOST,
        SERVICE,
        CONTACT,
        PROGRAM
    }

    /** Of a host or service. */
    public static Register of(MonitoredObject object, String attribute, String value) {
        return new Register(
                object.isHost() ? Subject.HOST : Subject.SERVICE, object.host(), object.service(), attribute, value);
    }

    /** Key of the thing that has it: for hosts and services that of the object. */
    public long key() {
        return switch (subject) {
            case HOST -> MonitoredObject.ofHost(name).key();
            case SERVICE -> MonitoredObject.ofService(name, service).key();
            case CONTACT -> Digests.hash64("\0contact;" + name);
            case PROGRAM -> Digests.hash64("\0program");
        };
    }

    /** What two registers share that are about the same attribute of the same thing. */
    public String place() {
        return subject + "\t" + name + "\t" + service + "\t" + attribute;
    }

    /**
     * Reads what {@link #place} gave.
     *
     * @throws IllegalArgumentException if it makes no sense
     */
    public static Register at(String place, String value) {
        String[] words = place.split("\t", -1);
        if (words.length != 4) {
            throw new IllegalArgumentException("no place of a register: " + place);
        }
        return new Register(Subject.valueOf(words[0]), words[1], words[2], words[3], value);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.register(this);
    }
}
