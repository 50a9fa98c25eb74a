/**
 * What people note about objects: comments, acknowledgements, downtimes. Begin with {@link org.merlin.module.quartz.notes.Notes}.
 * Confined to the core's thread.
 */
package org.merlin.module.quartz.notes;
