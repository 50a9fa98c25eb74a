/**
 * The embedded scheduler: runs the checks of a flat Nagios object file and keeps their states, one node of a cluster through
 * its module. One thread, the core, owns all states; Quartz' workers run the checks; log, retention file and command pipe have a
 * thread each. Begin with {@link org.merlin.module.quartz.EmbeddedScheduler}, then {@link org.merlin.module.quartz.Core}.
 */
package org.merlin.module.quartz;
