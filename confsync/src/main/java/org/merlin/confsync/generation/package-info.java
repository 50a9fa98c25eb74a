/**
 * Object configuration as generations: which files, where they come from, and how a node keeps and switches them. Begin with
 * {@link org.merlin.confsync.generation.Generation}.
 */
package org.merlin.confsync.generation;
