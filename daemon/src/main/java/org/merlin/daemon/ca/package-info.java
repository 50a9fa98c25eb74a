/**
 * The cluster's certificates. The only package with Bouncy Castle. Begin with
 * {@link org.merlin.daemon.ca.CertificateAuthority}.
 */
package org.merlin.daemon.ca;
