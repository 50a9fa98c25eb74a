/**
 * The cluster as one node sees it: nodes, links, streams, rings. Sees ports and an injected clock only and is confined to
 * one loop, so that whole clusters run in one thread of a test. Begin with {@link org.merlin.daemon.cluster.Transport}.
 */
package org.merlin.daemon.cluster;
