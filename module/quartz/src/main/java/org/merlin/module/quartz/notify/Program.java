package org.merlin.module.quartz.notify;

/** What is switched for the whole scheduler. Confined to the core's thread. */
public final class Program {
    private boolean notifications = true;
    private boolean handlers = true;
    private boolean flapDetection = true;
    private boolean passiveHosts = true;
    private boolean passiveServices = true;

    public boolean notifications() {
        return notifications;
    }

    public void switchNotifications(boolean on) {
        notifications = on;
    }

    public boolean handlers() {
        return handlers;
    }

    public void switchHandlers(boolean on) {
        handlers = on;
    }

    public boolean flapDetection() {
        return flapDetection;
    }

    public void switchFlapDetection(boolean on) {
        flapDetection = on;
    }

    /** Whether results that others hand in are taken at all. */
    public boolean passive(boolean hosts) {
        return hosts ? passiveHosts : passiveServices;
    }

    public void switchPassive(boolean hosts, boolean on) {
        if (hosts) {
            passiveHosts = on;
        } else {
            passiveServices = on;
        }
    }
}
