/**
 * Runs check commands: fills in macros, starts processes, reads what they print. On Quartz' worker threads, one check each;
 * nothing here knows Quartz. Begin with {@link org.merlin.module.quartz.check.CheckRunner}.
 */
package org.merlin.module.quartz.check;
