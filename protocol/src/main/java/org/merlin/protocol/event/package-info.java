/**
 * What happens in a scheduler and other nodes are told, as records. Begin with {@link org.merlin.protocol.event.Event}.
 */
package org.merlin.protocol.event;
