/** What the admin socket tells, as records that become JSON. Begin with {@link org.merlin.daemon.status.ClusterView}. */
package org.merlin.daemon.status;
