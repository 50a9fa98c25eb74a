/**
 * Telling contacts, and running event handlers. Begin with {@link org.merlin.module.quartz.notify.Notifier}. Confined to the
 * core's thread; the commands themselves run elsewhere.
 */
package org.merlin.module.quartz.notify;
