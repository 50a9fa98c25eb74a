/**
 * Syntax and meaning of merlin.conf. Begin with {@link org.merlin.protocol.conf.MerlinConf}.
 */
package org.merlin.protocol.conf;
