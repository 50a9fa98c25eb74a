package org.merlin.module.quartz;

import java.lang.reflect.Proxy;

/**
 * SIGHUP. The JDK's own class for signals is the only one that reaches them without native code, and the compiler warns of its name
 * with a warning that cannot be turned off: so it is found by that name.
 */
final class HangUp {
    private HangUp() {}

    /**
     * Has something done at each SIGHUP, on a thread of the JVM's; without this the signal ends the process.
     *
     * @return false if whoever started the process has it ignore the signal, as nohup does: then it never comes
     * @throws IllegalStateException if this JVM cannot
     */
    static boolean handle(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        return switch (method.getName()) {
                            case "handle" -> {
                                action.run();
                                yield null;
                            }
                            case "equals" -> proxy == arguments[0];
                            case "hashCode" -> System.identityHashCode(proxy);
                            default -> "SIGHUP";
                        };
                    });
            Object hangUp = signal.getConstructor(String.class).newInstance("HUP");
            Object before = signal.getMethod("handle", signal, handler).invoke(null, hangUp, ours);
            return before != handler.getField("SIG_IGN").get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java lets nobody handle SIGHUP: " + e, e);
        }
    }
}
