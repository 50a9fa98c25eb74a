package org.merlin.module.quartz.notes;

import org.merlin.module.Broker.CommentKind;
import org.merlin.protocol.event.Comment;

/**
 * A comment as this scheduler has it.
 *
 * @param id this scheduler's number of it
 * @param index place of its object
 */
public record Note(long id, int index, CommentKind kind, Comment comment) {}
