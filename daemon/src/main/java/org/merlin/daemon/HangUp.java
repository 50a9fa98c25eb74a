package org.merlin.daemon;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SIGHUP. The JDK has signals in a module of its own, which its compiler does not want named: it is found by name. */
final class HangUp {
    private static final Logger LOG = LoggerFactory.getLogger("merlind");

    private HangUp() {}

    /** Has something done at each SIGHUP, on a thread of its own. Where this JVM has no signals {@code mon reload} is left. */
    static void whenTold(Runnable what) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler handling = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    what.run();
                    return null;
                }
                return method.invoke(what, arguments); // equals, hashCode, toString
            };
            Object proxy = Proxy.newProxyInstance(HangUp.class.getClassLoader(), new Class<?>[] {handler}, handling);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), proxy);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("SIGHUP is not heard by this JVM ({}): use mon reload", e.toString());
        }
    }
}
