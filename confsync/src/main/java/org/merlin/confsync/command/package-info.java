/** Runs the commands that sites sync by as processes, each on a thread of its own. Begin with {@link org.merlin.confsync.command.HookProcesses}. */
package org.merlin.confsync.command;
