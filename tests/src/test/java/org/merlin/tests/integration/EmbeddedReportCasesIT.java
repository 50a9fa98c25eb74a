package org.merlin.tests.integration;

/** Of the embedded scheduler. */
class EmbeddedReportCasesIT extends ReportCasesContract {
    @Override
    RealScheduler.Kind kind() {
        return RealScheduler.Kind.EMBEDDED;
    }
}
