/** What tests do to the world around the product: paths that break, disks that fill up. Start with {@link org.merlin.tests.faults.CutableProxy}. */
package org.merlin.tests.faults;
