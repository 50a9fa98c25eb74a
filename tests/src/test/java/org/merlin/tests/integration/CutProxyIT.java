package org.merlin.tests.integration;

import java.io.IOException;
import java.util.List;
import org.merlin.daemon.bench.BenchSite;
import org.merlin.tests.faults.CutableProxy;

/** By a process between the nodes that passes nothing on; what it cannot do is lose a packet. */
class CutProxyIT extends CutLinkContract {
    private CutableProxy proxy;

    @Override
    BenchSite between() {
        return new BenchSite() {
            @Override
            public int port(String from, String to, int listening) throws IOException {
                if (to.equals(SendingPair.FROM)) {
                    return listening; // it is never dialled
                }
                proxy = new CutableProxy(listening);
                return proxy.port();
            }
        };
    }

    @Override
    List<String> dialling() {
        return List.of(SendingPair.FROM);
    }

    @Override
    void cut() {
        proxy.cut();
    }

    @Override
    void cutTowards(String node) {
        proxy.stall(node.equals(SendingPair.FROM));
    }

    @Override
    void heal() {
        proxy.heal();
    }

    @Override
    void takeDown() throws IOException {
        proxy.close();
    }
}
