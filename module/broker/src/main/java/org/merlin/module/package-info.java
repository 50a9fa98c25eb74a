/**
 * Our guest in the scheduler's process: decides which checks run here, takes what the scheduler finds and applies what other
 * nodes found. Lives on the scheduler's own thread and two threads of its own, one that writes to the daemon and one that
 * reads. Begin with {@link org.merlin.module.BrokerModule}.
 */
package org.merlin.module;
