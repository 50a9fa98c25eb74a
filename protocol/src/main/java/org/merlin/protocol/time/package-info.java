/**
 * Time as an argument. Begin with {@link org.merlin.protocol.time.NanoClock}.
 */
package org.merlin.protocol.time;
