package org.merlin.daemon.demo;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Ports of loopback that nobody has at this moment. From below those that Linux gives to outgoing connections, at random: until the
 * caller binds one, no connection can take it, and another process that looks for ports hardly does. Stateless.
 */
public final class FreePorts {
    private static final int FIRST = 15_000;
    private static final int END = 32_000;
    private static final int TRIES = 1_000;

    private FreePorts() {}

    /** A different one for each name. */
    public static Map<String, Integer> forEach(List<String> names) throws IOException {
        Random random = new SecureRandom();
        Map<String, Integer> ports = new HashMap<>();
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (String name : names) {
                ServerSocket socket = bind(random);
                held.add(socket);
                ports.put(name, socket.getLocalPort());
            }
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
        return ports;
    }

    private static ServerSocket bind(Random random) throws IOException {
        BindException last = new BindException("no free port of loopback");
        for (int i = 0; i < TRIES; i++) {
            try {
                return new ServerSocket(FIRST + random.nextInt(END - FIRST), 1, InetAddress.getByName("127.0.0.1"));
            } catch (BindException taken) {
                last = taken;
            }
        }
        throw last;
    }
}
