/**
 * The objects that are monitored, as read from a flat Nagios object file. Everything here is immutable once read; any thread.
 * Begin with {@link org.merlin.module.quartz.objects.Inventory}.
 */
package org.merlin.module.quartz.objects;
