package org.merlin.protocol.node;

/**
 * What an object configuration is known by.
 *
 * @param sha1 40 hex digits of the SHA-1 over the contents of all its files, sorted by full path; empty if unknown
 * @param newestMtimeSeconds newest modification time of these files, seconds since 1970; 0 if unknown
 */
public record ConfigStamp(String sha1, long newestMtimeSeconds) {
    /** Nothing is known. */
    public static final ConfigStamp UNKNOWN = new ConfigStamp("", 0);
}
