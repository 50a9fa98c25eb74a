package org.merlin.confsync.generation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Names of generations, trees and files: the SHA-256 of their bytes as 64 hex digits. Pure. */
public final class Hash {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final int SHOWN = 12;

    private Hash() {}

    public static boolean isOne(String text) {
        return HASH.matcher(text).matches();
    }

    /** As people are shown it: the first twelve digits. */
    public static String shown(String hash) {
        return hash.substring(0, Math.min(SHOWN, hash.length()));
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public static String of(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    static String of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }
}
