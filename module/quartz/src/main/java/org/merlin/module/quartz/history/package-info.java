/**
 * What happened, in the line forms of Nagios. Begin with {@link org.merlin.module.quartz.history.NagiosLog}.
 */
package org.merlin.module.quartz.history;
