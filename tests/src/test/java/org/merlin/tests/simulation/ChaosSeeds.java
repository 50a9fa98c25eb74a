package org.merlin.tests.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Runs chaos without a test framework: {@code FROM TO [FAULT...]} runs seeds until one fails, without some faults; {@code bite}
 * does so with a core that has been broken.
 */
final class ChaosSeeds {
    private ChaosSeeds() {}

    public static void main(String[] arguments) throws IOException {
        long from = Long.parseLong(arguments[0]);
        long to = Long.parseLong(arguments[1]);
        List<Integer> without =
                Arrays.stream(arguments).skip(2).map(Integer::valueOf).toList();
        Path folder = Files.createTempDirectory("chaos");
        long all = System.nanoTime();
        for (long seed = from; seed <= to; seed++) {
            long begun = System.nanoTime();
            ChaosRun run = new ChaosRun(seed, without, folder.resolve("seed" + seed));
            try {
                run.run();
                if (from == to) {
                    System.out.printf("kept: %s%n", run.figures());
                }
            } catch (Violation e) {
                System.out.printf(
                        "seed %d | %s | %.1f s | %.1f s, in all %.0f s | %s%n",
                        seed,
                        e.checker(),
                        run.seconds(),
                        (System.nanoTime() - begun) / 1e9,
                        (System.nanoTime() - all) / 1e9,
                        e.getMessage().lines().findFirst().orElse(""));
                if (from == to) {
                    System.out.println(run.shape() + "\n" + run.schedule());
                }
                return;
            }
        }
        System.out.printf("seeds %d to %d: all promises kept, %.0f s%n", from, to, (System.nanoTime() - all) / 1e9);
    }
}
