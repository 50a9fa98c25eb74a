/**
 * Commands that sites run to bring object files from one node to another: who runs which of them when, and when to stop. Pure; begin
 * with {@link org.merlin.confsync.hooks.HookRule}. What runs them is {@link org.merlin.confsync.hooks.HookRunner}.
 */
package org.merlin.confsync.hooks;
