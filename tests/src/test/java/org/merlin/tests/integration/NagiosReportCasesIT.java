package org.merlin.tests.integration;

/** Of real Nagios. */
class NagiosReportCasesIT extends ReportCasesContract {
    @Override
    RealScheduler.Kind kind() {
        return RealScheduler.Kind.NAGIOS;
    }
}
