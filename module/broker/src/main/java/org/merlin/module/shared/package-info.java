/**
 * What nodes share beside results: comments, downtimes, acknowledgements, switched attributes, and who tells contacts. All on the
 * scheduler's own thread. Begin with {@link org.merlin.module.shared.Ledger}.
 */
package org.merlin.module.shared;
