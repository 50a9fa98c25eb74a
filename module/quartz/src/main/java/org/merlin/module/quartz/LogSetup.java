package org.merlin.module.quartz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import java.util.Locale;
import org.merlin.protocol.conf.MerlinConf;
import org.slf4j.LoggerFactory;

/** Sets logging up in code: no file to search for, and a start that is not slowed down by one. */
final class LogSetup {
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %msg%n";

    private LogSetup() {}

    static void apply(MerlinConf.Log log) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender = appender(log);
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN); // libraries, Quartz above all, are to be quiet
        root.addAppender(appender);
        context.getLogger("org.merlin").setLevel(level(log.level()));
    }

    private static OutputStreamAppender<ILoggingEvent> appender(MerlinConf.Log log) {
        if (log.file().isPresent()) {
            FileAppender<ILoggingEvent> file = new FileAppender<>();
            file.setFile(log.file().get().toString());
            file.setAppend(true);
            return file;
        }
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setTarget(log.stdout() ? "System.out" : "System.err");
        return console;
    }

    private static Level level(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "err" -> Level.ERROR;
            case "warn" -> Level.WARN;
            case "debug" -> Level.DEBUG;
            default -> Level.INFO;
        };
    }
}
