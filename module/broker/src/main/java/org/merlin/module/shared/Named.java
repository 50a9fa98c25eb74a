package org.merlin.module.shared;

import org.merlin.protocol.event.Deletion.Kind;
import org.merlin.protocol.event.EventName;

/** A comment or a downtime by its name: the comment of a downtime or of an acknowledgement bears that one's name. */
record Named(Kind kind, EventName name) {}
