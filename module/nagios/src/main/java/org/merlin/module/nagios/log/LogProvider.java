package org.merlin.module.nagios.log;

import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** What SLF4J finds: loggers that hand their lines to {@link SchedulerLog}. */
public final class LogProvider implements SLF4JServiceProvider {
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter contexts = new NOPMDCAdapter();

    /** One logger. */
    private static final class Line extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1L;

        Line(String loggerName) {
            name = loggerName;
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return SchedulerLog.wants(Level.DEBUG);
        }

        @Override
        public boolean isInfoEnabled() {
            return SchedulerLog.wants(Level.INFO);
        }

        @Override
        public boolean isWarnEnabled() {
            return SchedulerLog.wants(Level.WARN);
        }

        @Override
        public boolean isErrorEnabled() {
            return SchedulerLog.wants(Level.ERROR);
        }

        @Override
        protected String getFullyQualifiedCallerName() {
            return name;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level, Marker marker, String pattern, Object[] arguments, Throwable cause) {
            SchedulerLog.take(level, MessageFormatter.basicArrayFormat(pattern, arguments));
            for (Throwable at = cause; at != null; at = at.getCause()) {
                SchedulerLog.take(level, at.toString());
                for (StackTraceElement element : at.getStackTrace()) {
                    SchedulerLog.take(level, "    at " + element);
                }
            }
        }
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return Line::new;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return contexts;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {
        // nothing to be made ready
    }
}
