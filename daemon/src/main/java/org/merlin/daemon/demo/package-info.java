/**
 * {@code mon demo}: a small cluster on this machine, of real processes that run real checks, and what became of them. One
 * thread. Begin with {@link org.merlin.daemon.demo.Demo}.
 */
package org.merlin.daemon.demo;
