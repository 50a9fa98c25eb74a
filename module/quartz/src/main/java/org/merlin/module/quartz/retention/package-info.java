/**
 * What survives a restart of the scheduler. Begin with {@link org.merlin.module.quartz.retention.Retention}.
 */
package org.merlin.module.quartz.retention;
