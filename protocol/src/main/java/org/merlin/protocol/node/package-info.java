/**
 * Words that both processes share: names, roles, selections and the order of names. Begin with {@link org.merlin.protocol.node.NodeId}.
 */
package org.merlin.protocol.node;
