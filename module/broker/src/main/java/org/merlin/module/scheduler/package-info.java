/**
 * The one door between the module and the scheduler that it is a guest of; its methods run on the scheduler's own thread.
 * Begin with {@link org.merlin.module.scheduler.SchedulerPort}.
 */
package org.merlin.module.scheduler;
