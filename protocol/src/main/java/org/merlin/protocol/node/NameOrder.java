package org.merlin.protocol.node;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/** The order in which names are numbered: by their UTF-8 bytes, unsigned, on every machine and in every locale alike. */
public final class NameOrder {
    /** Compares the UTF-8 bytes as unsigned numbers; a prefix comes first. */
    public static final Comparator<String> BYTEWISE = NameOrder::compare;

    private NameOrder() {}

    private static int compare(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                // UTF-16 orders surrogates below U+E000..U+FFFF, UTF-8 above: only then look at the bytes
                return a < Character.MIN_SURROGATE && b < Character.MIN_SURROGATE
                        ? a - b
                        : Arrays.compareUnsigned(
                                left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
            }
        }
        return left.length() - right.length();
    }
}
