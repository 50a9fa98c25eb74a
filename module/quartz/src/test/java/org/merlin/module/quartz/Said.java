package org.merlin.module.quartz;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Listens to what a class logs, so that a fault on purpose is looked at instead of shown. */
public final class Said implements AutoCloseable {
    private final Logger logger;
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    private Said(Logger logger) {
        this.logger = logger;
    }

    /** Begins to listen to the logger of this name, a class's own by habit. */
    public static Said by(String name) {
        Said said = new Said((Logger) LoggerFactory.getLogger(name));
        said.lines.start();
        said.logger.addAppender(said.lines);
        said.logger.setAdditive(false);
        return said;
    }

    public List<String> lines() {
        synchronized (lines) { // an appender adds under its own lock
            return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        }
    }

    @Override
    public void close() {
        logger.setAdditive(true);
        logger.detachAppender(lines);
        lines.stop();
    }
}
