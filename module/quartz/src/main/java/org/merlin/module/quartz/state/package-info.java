/**
 * What is known about an object, and what a result makes of it: pure, no thread, no clock. Begin with
 * {@link org.merlin.module.quartz.state.StateMachine}.
 */
package org.merlin.module.quartz.state;
