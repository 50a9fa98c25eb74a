package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;
import java.util.Base64;
import org.merlin.daemon.status.BacklogView;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.ContactNotification;
import org.merlin.protocol.event.Deletion;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventCodec;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.Notification;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.event.Repetition;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketCursor;

/** Makes a packet readable for people. On the cluster loop. */
final class ExportedEvent {
    private record Words(String type, String host, String service, int state, String text) {
        Words(String type, MonitoredObject object, int state, String text) {
            this(type, object.host(), object.service(), state, text);
        }
    }

    private ExportedEvent() {}

    static BacklogView.Event of(PacketCursor packet, String origin) {
        Words words = words(packet);
        ByteBuffer bytes = packet.packet();
        byte[] all = new byte[bytes.remaining()];
        bytes.duplicate().get(all);
        return new BacklogView.Event(
                origin,
                Integer.toUnsignedLong(packet.epoch()),
                packet.sequence(),
                packet.timeMicros() / 1_000_000.0,
                words.type,
                Integer.toUnsignedLong(packet.revision()),
                words.host,
                words.service,
                words.state,
                words.text,
                Base64.getEncoder().encodeToString(all));
    }

    private static Words words(PacketCursor packet) {
        try {
            return EventCodec.knows(packet.type())
                    ? new EventCodec().decode(packet.type(), packet.body()).accept(new Describer())
                    : unknown(packet);
        } catch (MalformedPacketException e) {
            return unknown(packet); // a newer version's; the packet itself is given in any case
        }
    }

    private static Words unknown(PacketCursor packet) {
        return new Words("type_" + packet.type(), "", "", -1, "");
    }

    private static final class Describer implements Event.Visitor<Words> {
        @Override
        public Words checkResult(CheckResult result) {
            String type = result.object().isHost() ? "host_check" : "service_check";
            return new Words(
                    type, result.object(), result.state(), result.output().text());
        }

        @Override
        public Words externalCommand(ExternalCommand command) {
            return new Words("command", "", "", -1, command.toString());
        }

        @Override
        public Words notification(Notification notification) {
            return new Words("notification", notification.object(), -1, notification.text());
        }

        @Override
        public Words contactNotification(ContactNotification notification) {
            return new Words("contact_notification", notification.object(), -1, notification.contact());
        }

        @Override
        public Words comment(Comment comment) {
            return new Words("comment", comment.object(), -1, comment.text());
        }

        @Override
        public Words downtime(Downtime downtime) {
            return new Words("downtime", downtime.object(), -1, downtime.text());
        }

        @Override
        public Words deletion(Deletion deletion) {
            return new Words("deletion", deletion.object(), -1, deletion.toString());
        }

        @Override
        public Words acknowledgement(Acknowledgement acknowledgement) {
            return new Words("acknowledgement", acknowledgement.object(), -1, acknowledgement.text());
        }

        @Override
        public Words register(Register register) {
            return new Words("register", "", "", -1, register.toString());
        }

        @Override
        public Words repetition(Repetition repetition) {
            return repetition.event().accept(this);
        }
    }
}
