package org.merlin.daemon.net;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A real DNS server of a few names, on loopback and a free port, by UDP and TCP. Says NXDOMAIN of all names that it was not told of. */
final class LoopbackDns implements AutoCloseable {
    private static final int ANSWER = 0x8180;
    private static final int TRUNCATED = 0x0200;
    private static final int NXDOMAIN = 3;

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final int port;
    private final Map<String, List<Rec>> names = new ConcurrentHashMap<>();
    private final Map<String, Integer> codes = new ConcurrentHashMap<>();
    private final Set<String> silent = ConcurrentHashMap.newKeySet();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile boolean tooLong;
    private volatile boolean mute;
    private volatile boolean forged;

    /** A record; an owner without letters is the name that was asked for. */
    record Rec(String owner, int type, byte[] data) {
        Rec of(String name) {
            return new Rec(name, type, data);
        }
    }

    LoopbackDns() throws IOException {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        tcp = new ServerSocket(0, 10, loopback);
        port = tcp.getLocalPort();
        udp = new DatagramSocket(port, loopback);
        run(this::serveUdp);
        run(this::serveTcp);
    }

    static Rec address(String literal) {
        try {
            byte[] data = InetAddress.getByName(literal).getAddress();
            return new Rec("", data.length == 4 ? 1 : 28, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Rec alias(String target) {
        return new Rec("", 5, encoded(target));
    }

    static Rec service(int priority, int weight, int port, String target) {
        byte[] name = encoded(target);
        ByteBuffer data = ByteBuffer.allocate(6 + name.length);
        data.putShort((short) priority)
                .putShort((short) weight)
                .putShort((short) port)
                .put(name);
        return new Rec("", 33, data.array());
    }

    LoopbackDns says(String name, Rec... records) {
        names.put(name, List.of(records));
        return this;
    }

    /** Answers with an error code from now on. */
    void fails(String name, int code) {
        codes.put(name, code);
    }

    void isSilentFor(String name) {
        silent.add(name);
    }

    /** Loses so many questions from now on. */
    void loses(int questions) {
        lost.set(questions);
    }

    /** By UDP only the beginning of an answer fits from now on, and TCP has it all, or says nothing. */
    void hasLongAnswers(boolean alsoMute) {
        tooLong = true;
        mute = alsoMute;
    }

    /** Takes no connections any more. */
    void refusesTcp() throws IOException {
        tcp.close();
    }

    /** Before each answer comes what somebody else made up: noise, another number, another question. */
    void isForged() {
        forged = true;
    }

    /** What was asked: name, blank, type, in that order. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    int port() {
        return port;
    }

    // --- serving ----------------------------------------------------------------------------------------------------

    private interface Serving {
        void run() throws IOException;
    }

    private static void run(Serving serving) {
        Thread thread = new Thread(() -> {
            try {
                serving.run();
            } catch (IOException e) {
                Thread.currentThread().interrupt(); // it was closed
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void serveUdp() throws IOException {
        while (true) {
            DatagramPacket question = new DatagramPacket(new byte[1500], 1500);
            udp.receive(question);
            byte[] bytes = Arrays.copyOf(question.getData(), question.getLength());
            if (lost.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                continue;
            }
            byte[] answer = answer(bytes, tooLong);
            if (forged) {
                forge(question, bytes);
            }
            if (answer.length > 0) {
                udp.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
            }
        }
    }

    private void forge(DatagramPacket question, byte[] bytes) throws IOException {
        byte[] otherNumber = message(bytes, ANSWER, List.of(address("10.6.6.6")));
        otherNumber[0] ^= 1;
        byte[] otherQuestion = message(bytes, ANSWER, List.of(address("10.6.6.6")));
        otherQuestion[13] ^= 1;
        byte[] noise = message(bytes, ANSWER, List.of(new Rec("", 5, new byte[] {(byte) 0xff, (byte) 0xff})));
        byte[] half = Arrays.copyOf(otherQuestion, 9);
        for (byte[] made : List.of(new byte[0], half, noise, otherNumber, otherQuestion)) {
            udp.send(new DatagramPacket(made, made.length, question.getSocketAddress()));
        }
        byte[] stranger = message(bytes, ANSWER, List.of(address("10.6.6.6")));
        try (DatagramSocket other = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            other.send(new DatagramPacket(stranger, stranger.length, question.getSocketAddress()));
        }
    }

    private void serveTcp() throws IOException {
        while (true) {
            try (Socket socket = tcp.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] answer = answer(in.readNBytes(in.readUnsignedShort()), false);
                if (!mute) {
                    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                    out.writeShort(answer.length);
                    out.write(answer);
                    out.flush();
                }
                in.readAllBytes();
            }
        }
    }

    private byte[] answer(byte[] question, boolean cut) throws IOException {
        String name = name(question);
        int type = ByteBuffer.wrap(question).getShort(12 + encoded(name).length);
        asked.add(name + " " + type);
        if (silent.contains(name)) {
            return new byte[0];
        }
        if (cut) {
            return message(question, ANSWER | TRUNCATED, List.of());
        }
        if (codes.containsKey(name) || !names.containsKey(name)) {
            return message(question, ANSWER | codes.getOrDefault(name, NXDOMAIN), List.of());
        }
        return message(
                question,
                ANSWER,
                names.get(name).stream()
                        .filter(record -> record.type() == type
                                || record.type() == 5
                                || !record.owner().isEmpty())
                        .toList());
    }

    private static byte[] message(byte[] question, int flags, List<Rec> records) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(question, 0, 2);
        out.writeShort(flags);
        out.writeShort(1);
        out.writeShort(records.size());
        out.writeInt(0);
        out.write(question, 12, encoded(name(question)).length + 4);
        for (Rec record : records) {
            if (record.owner().isEmpty()) {
                out.writeShort(0xc00c);
            } else {
                out.write(encoded(record.owner()));
            }
            out.writeShort(record.type());
            out.writeShort(1);
            out.writeInt(3600); // nobody is to keep it for so long
            out.writeShort(record.data().length);
            out.write(record.data());
        }
        return bytes.toByteArray();
    }

    private static String name(byte[] question) {
        StringBuilder name = new StringBuilder();
        for (int at = 12; question[at] != 0; at += question[at] + 1) {
            name.append(name.length() == 0 ? "" : ".")
                    .append(new String(question, at + 1, question[at], StandardCharsets.US_ASCII));
        }
        return name.toString();
    }

    private static byte[] encoded(String name) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String label : name.split("\\.")) {
            if (!label.isEmpty()) {
                bytes.write(label.length());
                bytes.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
            }
        }
        bytes.write(0);
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
