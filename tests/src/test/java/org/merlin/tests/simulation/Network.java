package org.merlin.tests.simulation;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.merlin.daemon.cluster.Link;
import org.merlin.daemon.cluster.LinkListener;
import org.merlin.daemon.cluster.Transport;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.Message;
import org.merlin.protocol.wire.MessageReader;
import org.merlin.protocol.wire.PacketType;

/**
 * A simulated network: links of bytes with random delays that keep their order, cuts, slow links, processes that stand still,
 * and ends that vanish without a word. A process is named by its node, and its scheduler by the node's name and {@code module}.
 */
final class Network {
    /** What may wait unsent before a link is not writable any more: less than in a kernel, as all is smaller here. */
    private static final int MAX_UNSENT_BYTES = 8 * 1024;

    private static final long CONNECT_NANOS = 10_000_000_000L;

    private final World world;
    private final Map<String, Deque<Runnable>> frozen = new HashMap<>();
    private final Map<String, Integer> bytesPerSecond = new HashMap<>();
    private final Map<String, Integer> lives = new HashMap<>();
    private Tap tap = (from, to, message) -> {};
    private boolean cutsEndLinks = true;
    private final Map<String, Transport.Acceptor> listening = new HashMap<>();
    private final Set<String> cut = new HashSet<>();
    private final List<End> open = new ArrayList<>();
    private long extraDelayNanos;
    private long unevenNanos;
    private int dials;
    private double pulseLoss;

    Network(World world) {
        this.world = world;
    }

    /** Sees each message between nodes as it is taken. */
    interface Tap {
        void taken(String from, String to, Message message);
    }

    void tap(Tap with) {
        tap = with;
    }

    /** From now on what is sent over a cut link waits and arrives once it is healed, as with TCP; else such a link is dead. */
    void cutsStall() {
        cutsEndLinks = false;
    }

    // --- processes that stand still ---------------------------------------------------------------------------------

    /** Runs something in a process, or when it goes on. */
    void in(String process, Runnable what) {
        Deque<Runnable> waiting = frozen.get(process);
        if (waiting == null) {
            what.run();
        } else {
            waiting.add(what);
        }
    }

    /** A process stands still. */
    void freeze(String process) {
        frozen.putIfAbsent(process, new ArrayDeque<>());
    }

    /** It goes on, with all that happened meanwhile. */
    void thaw(String process) {
        Deque<Runnable> waiting = frozen.remove(process);
        if (waiting != null) {
            waiting.forEach(Runnable::run);
        }
    }

    boolean isFrozen(String process) {
        return frozen.containsKey(process);
    }

    // --- nodes ------------------------------------------------------------------------------------------------------

    void listen(String node, Transport.Acceptor acceptor) {
        listening.put(node, acceptor);
    }

    /** The node's processes are gone: its links break, as the kernel closes them. */
    void vanish(String node) {
        listening.remove(node);
        frozen.remove(node);
        lives.merge(node, 1, Integer::sum);
        for (End end : List.copyOf(open)) {
            if (end.owner.equals(node)) {
                end.listener = Optional.empty();
                end.breakOff("closed by the other side");
            }
        }
    }

    /** The machine has no power: nobody is told. */
    void lose(String node) {
        for (End end : List.copyOf(open)) {
            if (end.owner.equals(node) || end.owner.equals(node + " module")) {
                end.listener = Optional.empty();
                end.closed = true;
                end.stalled.clear();
                open.remove(end);
            }
        }
        vanish(node);
    }

    /** All links between two nodes break. */
    void reset(String a, String b) {
        for (End end : List.copyOf(open)) {
            if (end.owner.equals(a) && end.peer.equals(b) && !end.closed) {
                end.breakOff("reset");
            }
        }
    }

    // --- links ------------------------------------------------------------------------------------------------------

    /** From now on only so much passes from one node to the other in a second; 0 for no limit. */
    void limit(String from, String to, int bytes) {
        if (bytes == 0) {
            bytesPerSecond.remove(from + ">" + to);
        } else {
            bytesPerSecond.put(from + ">" + to, bytes);
        }
    }

    /** Nothing passes from one node to the other any more, one way; nobody is told. */
    void cutOneWay(String from, String to) {
        cut.add(from + ">" + to);
    }

    void cut(String a, String b) {
        cutOneWay(a, b);
        cutOneWay(b, a);
    }

    void healAll() {
        cut.clear();
        List.copyOf(open).forEach(End::resume);
    }

    /** Undoes one cut, one way. */
    void heal(String from, String to) {
        cut.remove(from + ">" + to);
        List.copyOf(open).forEach(End::resume);
    }

    boolean passes(String from, String to) {
        return !cut.contains(from + ">" + to);
    }

    private long delay() {
        return extraDelayNanos + 50_000 + world.random().nextLong(2_000_000 + unevenNanos);
    }

    /** From now on what goes between nodes takes up to this much longer, each packet another time; on a link they keep their order. */
    void delayUnevenly(Duration upTo) {
        unevenNanos = upTo.toNanos();
    }

    /** From now on everything between nodes takes this much longer. */
    void slowDown(Duration by) {
        extraDelayNanos = by.toNanos();
    }

    /** From now on so many of the pulses between nodes, and nothing else, are lost: from 0 to 1. */
    void losePulses(double share) {
        pulseLoss = share;
    }

    private boolean isLost(Message message) {
        return pulseLoss > 0
                && message instanceof Message.Control control
                && control.code() == PacketType.PULSE
                && world.random().nextDouble() < pulseLoss;
    }

    /** How often any node has dialled another. */
    int dials() {
        return dials;
    }

    /** The transport of one node. */
    Transport of(String node) {
        return (to, address, port, dialler) -> {
            dials++;
            dial(node, to, dialler);
        };
    }

    private void dial(String node, String to, Transport.Dialler dialler) {
        int life = lives.getOrDefault(node, 0);
        world.in(delay(), () -> {
            if (life != lives.getOrDefault(node, 0)) {
                return; // who dialled is dead
            }
            Transport.Acceptor acceptor = listening.get(to);
            if (acceptor != null && isFrozen(to)) {
                world.in(CONNECT_NANOS, () -> in(node, () -> dialler.onFailed("timed out", world.nowNanos())));
                return; // its kernel takes the link, and it says nothing
            }
            if (acceptor == null || !passes(node, to) || !passes(to, node)) {
                world.in(delay(), () -> in(node, () -> dialler.onFailed("refused", world.nowNanos())));
                return;
            }
            End ours = new End(node, to, true);
            End theirs = new End(to, node, false);
            ours.other = theirs;
            theirs.other = ours;
            open.add(ours);
            open.add(theirs);
            world.in(
                    delay(),
                    () -> in(node, () -> {
                        if (life != lives.getOrDefault(node, 0)) {
                            return;
                        }
                        if (ours.closed) {
                            dialler.onFailed("closed", world.nowNanos());
                            return;
                        }
                        ours.listener = Optional.of(dialler.onOpened(ours, world.nowNanos()));
                        ours.deliver();
                        world.in(delay(), () -> in(to, () -> accept(theirs, acceptor)));
                    }));
        });
    }

    /** As with TLS 1.3: who dialled has its link open first, the other side when it has heard of that. */
    private void accept(End end, Transport.Acceptor acceptor) {
        if (!end.closed && listening.get(end.owner) == acceptor) {
            end.listener = acceptor.onAccepted(end, Optional.of(end.peer), world.nowNanos());
            end.deliver();
        }
    }

    /** A pair of ends inside one machine, between daemon and module: no cuts, little delay. */
    End local(String node) {
        End daemon = new End(node, node + " module", false);
        End module = new End(node + " module", node, true);
        daemon.other = module;
        module.other = daemon;
        open.add(daemon);
        open.add(module);
        return daemon;
    }

    /** One end of a link. */
    final class End implements Link {
        private final String owner;
        private final String peer;
        private final boolean dialled;
        private final MessageReader reader = new MessageReader();
        private ByteBuffer received = ByteBuffer.allocate(0);
        Optional<LinkListener> listener = Optional.empty();
        /** Told when bytes arrive, where nobody wants messages. */
        Optional<Runnable> raw = Optional.empty();

        End other;
        private boolean closed;
        private long lastArrivalNanos;

        private End(String owner, String peer, boolean dialled) {
            this.owner = owner;
            this.peer = peer;
            this.dialled = dialled;
        }

        private boolean local() {
            return owner.endsWith(" module") || peer.endsWith(" module");
        }

        @Override
        public void send(ByteBuffer messages) {
            if (closed) {
                return;
            }
            ByteBuffer copy = ByteBuffer.allocate(messages.remaining())
                    .put(messages.duplicate())
                    .flip();
            unsent += copy.remaining();
            int limit = bytesPerSecond.getOrDefault(owner + ">" + peer, 0);
            long now = world.nowNanos();
            if (limit > 0) {
                lastDepartureNanos = Math.max(lastDepartureNanos, now) + copy.remaining() * 1_000_000_000L / limit;
            } else {
                lastDepartureNanos = Math.max(lastDepartureNanos, now);
            }
            long arrival = Math.max(lastArrivalNanos, lastDepartureNanos + (local() ? 20_000 : delay()));
            lastArrivalNanos = arrival;
            world.in(arrival - now, () -> arrive(copy));
        }

        private void arrive(ByteBuffer bytes) {
            if (!stalled.isEmpty() || !passes(owner, peer)) {
                closedByLoss |= cutsEndLinks; // a link that is dead: what follows must not overtake it
                stalled.add(() -> handOver(bytes));
            } else {
                handOver(bytes);
            }
        }

        private void handOver(ByteBuffer bytes) {
            in(other.owner, () -> {
                int taken = bytes.remaining();
                other.arrived(bytes);
                boolean was = writable();
                unsent -= taken;
                if (!was && writable()) {
                    in(owner, () -> {
                        if (!closed && !gone()) {
                            listener.ifPresent(who -> who.onWritable(world.nowNanos()));
                        }
                    });
                }
            });
        }

        /** Once a cut is healed. */
        private void resume() {
            if (!closedByLoss && passes(owner, peer)) {
                List<Runnable> waiting = List.copyOf(stalled);
                stalled.clear();
                waiting.forEach(Runnable::run);
            }
        }

        private boolean gone() {
            return listener.isEmpty();
        }

        private final Deque<Runnable> stalled = new ArrayDeque<>();
        private boolean closedByLoss;
        private long lastDepartureNanos;
        private int unsent;

        private void arrived(ByteBuffer bytes) {
            if (closed || other.closedByLoss) {
                return;
            }
            received = ByteBuffer.allocate(received.remaining() + bytes.remaining())
                    .put(received)
                    .put(bytes)
                    .flip();
            deliver();
        }

        /** Takes all bytes that have arrived, for who reads them by itself. */
        ByteBuffer take() {
            ByteBuffer all = received;
            received = ByteBuffer.allocate(0);
            return all;
        }

        void deliver() {
            try {
                while (listener.isPresent() && !closed) {
                    if (raw.isPresent()) {
                        raw.get().run();
                        return;
                    }
                    Optional<Message> message = reader.next(received);
                    if (message.isEmpty()) {
                        return;
                    }
                    if (local() || !isLost(message.get())) {
                        tap.taken(peer, owner, message.get());
                        listener.get().onMessage(message.get(), world.nowNanos());
                    }
                }
            } catch (MalformedPacketException e) {
                throw new AssertionError("a node sent what is no packet", e);
            }
        }

        @Override
        public boolean writable() {
            return !closed && unsent <= MAX_UNSENT_BYTES;
        }

        @Override
        public void reading(boolean on) {
            // nothing waits here
        }

        @Override
        public boolean dialledByUs() {
            return dialled;
        }

        @Override
        public String remote() {
            return peer;
        }

        @Override
        public void close() {
            if (!closed) {
                breakOff("closed");
            }
        }

        private void breakOff(String why) {
            closed = true;
            open.remove(this);
            listener.ifPresent(who -> world.in(0, () -> in(owner, () -> who.onClosed(why, world.nowNanos()))));
            long arrival = Math.max(
                    lastArrivalNanos, world.nowNanos() + (local() ? 20_000 : delay())); // behind what was sent before
            world.in(arrival - world.nowNanos(), () -> {
                if (!passes(owner, peer) && !cutsEndLinks) {
                    stalled.add(this::endOther);
                    open.add(this); // so that it is resumed
                } else if (passes(owner, peer)) {
                    endOther();
                }
            });
        }

        private void endOther() {
            open.remove(this);
            in(other.owner, () -> {
                if (!other.closed) {
                    other.closed = true;
                    open.remove(other);
                    other.listener.ifPresent(who -> who.onClosed("closed by the other side", world.nowNanos()));
                }
            });
        }
    }
}
