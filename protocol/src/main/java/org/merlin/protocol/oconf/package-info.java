/**
 * The object configuration as a scheduler's main configuration names it, for both processes and {@code mon}. Begin with
 * {@link org.merlin.protocol.oconf.ConfigFiles}.
 */
package org.merlin.protocol.oconf;
