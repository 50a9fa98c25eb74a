/**
 * SLF4J inside a scheduler: lines go to the scheduler's own log, on its own thread, or to a file. Begin with
 * {@link org.merlin.module.nagios.log.SchedulerLog}.
 */
package org.merlin.module.nagios.log;
