/**
 * When checks run: Quartz, with one job and one trigger per object. Begin with
 * {@link org.merlin.module.quartz.schedule.CheckSchedule}; {@link org.merlin.module.quartz.schedule.CheckHook} is how the module
 * hooks into any application's Quartz.
 */
package org.merlin.module.quartz.schedule;
