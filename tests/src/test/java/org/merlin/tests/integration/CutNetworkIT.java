package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merlin.daemon.bench.BenchSite;

/** By a real network whose packets are dropped; where it cannot be made the test is skipped, and says what is missing. */
class CutNetworkIT extends CutLinkContract {
    private TwoNamespaces network;

    @Override
    BenchSite between() throws IOException {
        String missing = TwoNamespaces.missing();
        assumeThat(missing).as(missing).isEmpty();
        network = new TwoNamespaces();
        return network;
    }

    @Override
    List<String> dialling() {
        return List.of(SendingPair.FROM, SendingPair.TO);
    }

    @Override
    void cut() throws IOException {
        cutTowards(SendingPair.FROM);
        cutTowards(SendingPair.TO);
    }

    @Override
    void cutTowards(String node) throws IOException {
        network.drop(node, 100);
    }

    @Override
    void heal() throws IOException {
        network.heal();
    }

    @Override
    void takeDown() throws IOException {
        if (network != null) {
            network.close();
        }
    }

    @Test
    void packetsThatAreDroppedCostNoEvent() throws IOException {
        network.drop(SendingPair.FROM, 10);
        network.drop(SendingPair.TO, 10);
        pair().send(10 * RATE, RATE);
        pair().allArrived(10 * RATE);
        assertThat(network.dropped(SendingPair.FROM)).isGreaterThan(100);
        assertThat(network.dropped(SendingPair.TO)).isGreaterThan(100);
    }

    @Test
    void aCableThatIsPulledForAMomentCostsNoEvent() throws IOException {
        pair().send(15 * RATE, RATE);
        for (int i = 0; i < 3; i++) {
            network.pull(i % 2 == 0 ? SendingPair.FROM : SendingPair.TO);
            KilledUnderLoadIT.pause(1_000);
            network.heal();
            meetAgain();
            KilledUnderLoadIT.pause(500);
        }
        pair().allArrived(15 * RATE);
    }
}
