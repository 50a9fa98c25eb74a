/**
 * Object configuration as files: blocks, and the part of a poller. Pure. Begin with
 * {@link org.merlin.confsync.objects.Splitter}.
 */
package org.merlin.confsync.objects;
