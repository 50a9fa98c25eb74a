/**
 * What a daemon keeps on its disk, and the threads that wait for it. Begin with
 * {@link org.merlin.daemon.store.LogThread}.
 */
package org.merlin.daemon.store;
