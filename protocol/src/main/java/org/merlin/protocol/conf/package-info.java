/**
 * merlin.conf: {@code ConfFile} reads it as lines, {@code ConfParser} as a tree of sections, {@code MerlinConfReader} as
 * {@link org.merlin.protocol.conf.MerlinConf}, checking everything and collecting all problems on the way. Files are read
 * once, at start or by a command, on whatever thread asks. Begin with {@code MerlinConf}.
 */
package org.merlin.protocol.conf;
