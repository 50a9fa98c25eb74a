package org.merlin.tests.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Each benchmark runs, once with each of its parameters: what they measure is what the code is today. */
class BenchmarksTest {
    @Test
    void everyBenchmarkRuns() throws RunnerException, IOException {
        Options once = new OptionsBuilder()
                .include("org\\.merlin\\..*")
                .mode(Mode.SingleShotTime)
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(1))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        System.setProperty("jmh.ignoreLock", "true"); // it is not here to measure
        Collection<RunResult> results = new Runner(once).run();
        Stream<String> ran = results.stream()
                .map(result -> result.getParams().getBenchmark())
                .map(name -> name.replaceAll("\\.[^.]*$", "").replaceAll(".*\\.", ""))
                .distinct();
        assertThat(ran).containsExactlyInAnyOrderElementsOf(written());
    }

    private static Collection<String> written() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/java/org/merlin/tests/benchmarks"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Benchmark.java"))
                    .map(name -> name.replace(".java", ""))
                    .toList();
        }
    }
}
