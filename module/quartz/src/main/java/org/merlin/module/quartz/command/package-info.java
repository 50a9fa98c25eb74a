/**
 * What people and programs tell the scheduler while it runs. Begin with {@link org.merlin.module.quartz.command.CommandPipe}.
 */
package org.merlin.module.quartz.command;
