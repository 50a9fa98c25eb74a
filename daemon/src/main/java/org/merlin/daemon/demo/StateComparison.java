package org.merlin.daemon.demo;

import java.util.List;

final class StateComparison {
    private StateComparison() {}

    static List<String> compare(List<DemoNode> nodes) {
        return List.of();
    }
}
