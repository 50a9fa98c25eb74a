package org.merlin.tests.integration;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A DNS server on loopback and a free port, by UDP, that knows IPv4 addresses of some names and says NXDOMAIN of all others. */
public final class OneNameDns implements AutoCloseable {
    private static final int HEADER_BYTES = 12;
    private static final short ANSWER = (short) 0x8180;
    private static final int NXDOMAIN = 3;
    private static final short NAME_OF_THE_QUESTION = (short) 0xc00c;

    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
    private final Map<String, String> names = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    public OneNameDns() throws IOException {
        Thread thread = new Thread(this::serve, "dns");
        thread.setDaemon(true);
        thread.start();
    }

    public int port() {
        return socket.getLocalPort();
    }

    public void says(String name, String ipv4) {
        names.put(name, ipv4);
    }

    public List<String> asked() {
        return List.copyOf(asked);
    }

    private void serve() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
                socket.receive(packet);
                byte[] answer = answer(packet.getData());
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException e) {
            Thread.currentThread().interrupt(); // it was closed
        }
    }

    private byte[] answer(byte[] question) throws IOException {
        StringBuilder name = new StringBuilder();
        int at = HEADER_BYTES;
        for (; question[at] != 0; at += question[at] + 1) {
            name.append(name.length() == 0 ? "" : ".")
                    .append(new String(question, at + 1, question[at], StandardCharsets.US_ASCII));
        }
        asked.add(name.toString());
        int questionBytes = at + 5 - HEADER_BYTES;
        boolean ipv4 = ByteBuffer.wrap(question).getShort(at + 1) == 1;
        String address = names.get(name.toString());
        ByteBuffer out = ByteBuffer.allocate(512);
        out.put(question, 0, 2)
                .putShort((short) (ANSWER | (address == null ? NXDOMAIN : 0)))
                .putShort((short) 1)
                .putShort((short) (address != null && ipv4 ? 1 : 0))
                .putInt(0)
                .put(question, HEADER_BYTES, questionBytes);
        if (address != null && ipv4) {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            out.putShort(NAME_OF_THE_QUESTION).putShort((short) 1).putShort((short) 1);
            out.putInt(3600).putShort((short) bytes.length).put(bytes);
        }
        byte[] answer = new byte[out.position()];
        out.flip().get(answer);
        return answer;
    }

    @Override
    public void close() {
        socket.close();
    }
}
