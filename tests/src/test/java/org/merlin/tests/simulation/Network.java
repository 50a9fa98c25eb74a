package org.merlin.tests.simulation;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
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

/** A simulated network: links of bytes with random delays that keep their order, cuts, and ends that vanish without a word. */
final class Network {
    private final World world;
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

    void listen(String node, Transport.Acceptor acceptor) {
        listening.put(node, acceptor);
    }

    /** The node's processes are gone: its links break, as the kernel closes them. */
    void vanish(String node) {
        listening.remove(node);
        for (End end : List.copyOf(open)) {
            if (end.owner.equals(node)) {
                end.listener = Optional.empty();
                end.breakOff("closed by the other side");
            }
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
    }

    private boolean passes(String from, String to) {
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
        world.in(delay(), () -> {
            Transport.Acceptor acceptor = listening.get(to);
            if (acceptor == null || !passes(node, to) || !passes(to, node)) {
                world.in(delay(), () -> dialler.onFailed("refused", world.nowNanos()));
                return;
            }
            End ours = new End(node, to, true);
            End theirs = new End(to, node, false);
            ours.other = theirs;
            theirs.other = ours;
            open.add(ours);
            open.add(theirs);
            world.in(delay(), () -> {
                if (ours.closed) {
                    dialler.onFailed("closed", world.nowNanos());
                    return;
                }
                ours.listener = Optional.of(dialler.onOpened(ours, world.nowNanos()));
                ours.deliver();
                world.in(delay(), () -> accept(theirs, acceptor));
            });
        });
    }

    /** As with TLS 1.3: who dialled has its link open first, the other side when it has heard of that. */
    private void accept(End end, Transport.Acceptor acceptor) {
        if (!end.closed) {
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
            long arrival = Math.max(lastArrivalNanos, world.nowNanos() + (local() ? 20_000 : delay()));
            lastArrivalNanos = arrival;
            world.in(arrival - world.nowNanos(), () -> {
                if (passes(owner, peer)) {
                    other.arrived(copy);
                } else {
                    closedByLoss = true; // TCP would stall: what follows must not overtake it
                }
            });
        }

        private boolean closedByLoss;

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

        private void deliver() {
            try {
                while (listener.isPresent() && !closed) {
                    Optional<Message> message = reader.next(received);
                    if (message.isEmpty()) {
                        return;
                    }
                    if (local() || !isLost(message.get())) {
                        listener.get().onMessage(message.get(), world.nowNanos());
                    }
                }
            } catch (MalformedPacketException e) {
                throw new AssertionError("a node sent what is no packet", e);
            }
        }

        @Override
        public boolean writable() {
            return !closed;
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
            listener.ifPresent(who -> world.in(0, () -> who.onClosed(why, world.nowNanos())));
            End end = other;
            world.in(local() ? 20_000 : delay(), () -> {
                if (!end.closed && passes(owner, peer)) {
                    end.closed = true;
                    open.remove(end);
                    end.listener.ifPresent(who -> who.onClosed("closed by the other side", world.nowNanos()));
                }
            });
        }
    }
}
