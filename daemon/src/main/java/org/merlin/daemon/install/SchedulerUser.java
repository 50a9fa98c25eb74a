package org.merlin.daemon.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Whom a scheduler runs as, and what that user may do by owner, group and mode of files. Immutable. ACLs and SELinux are not looked
 * at.
 */
record SchedulerUser(String name, String group, int uid, Set<Integer> gids) {
    private static final int READ = 4;
    private static final int WRITE = 2;
    private static final int ENTER = 1;

    SchedulerUser {
        gids = Set.copyOf(gids);
    }

    /**
     * Asks the system, by id(1) and getent(1).
     *
     * @return empty if there is no such user or group
     */
    static Optional<SchedulerUser> find(String name, String group) throws IOException, InterruptedException {
        Optional<String> uid = ask("id", "-u", name);
        Optional<String> gids = ask("id", "-G", name);
        Optional<String> gid = ask("getent", "group", group).map(line -> line.split(":")[2]);
        if (uid.isEmpty() || gids.isEmpty() || gid.isEmpty()) {
            return Optional.empty();
        }
        Set<Integer> all = new HashSet<>();
        Arrays.stream(gids.get().split(" ")).map(Integer::valueOf).forEach(all::add);
        all.add(Integer.valueOf(gid.get()));
        return Optional.of(new SchedulerUser(name, group, Integer.parseInt(uid.get()), all));
    }

    private static Optional<String> ask(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return Optional.empty();
        }
        return process.exitValue() == 0 && !answer.isEmpty() ? Optional.of(answer) : Optional.empty();
    }

    /** Why this user cannot read a file that is there, and what would help; empty if it can. */
    Optional<String> cannotRead(Path file) throws IOException {
        Path real = file.toRealPath();
        Optional<String> way = cannotReach(real);
        if (way.isPresent() || may(real, READ)) {
            return way;
        }
        return Optional.of(name + " cannot read " + real + ": chgrp " + group + " " + real + " && chmod g+r " + real);
    }

    /** Why this user cannot make files in a folder, and what would help; empty if it can. */
    Optional<String> cannotWriteIn(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return Optional.of(folder + " is not there: install -d -o " + name + " -g " + group + " -m 750 " + folder);
        }
        Path real = folder.toRealPath();
        Optional<String> way = cannotReach(real);
        if (way.isPresent() || may(real, WRITE | ENTER)) {
            return way;
        }
        return Optional.of(name + " cannot write in " + real + ": chown -R " + name + ":" + group + " " + real
                + ", and run merlind as " + name + " too");
    }

    private Optional<String> cannotReach(Path real) throws IOException {
        for (int names = 0; names < real.getNameCount(); names++) {
            Path folder = names == 0 ? real.getRoot() : real.getRoot().resolve(real.subpath(0, names));
            if (!may(folder, ENTER)) {
                return Optional.of(name + " cannot enter " + folder + ", and so not reach " + real + ": chmod o+x "
                        + folder + ", or put things where it can");
            }
        }
        return Optional.empty();
    }

    private boolean may(Path path, int wanted) throws IOException {
        if (uid == 0) {
            return true;
        }
        Map<String, Object> facts = Files.readAttributes(path, "unix:uid,gid,mode");
        int mode = (Integer) facts.get("mode");
        int granted = facts.get("uid").equals(uid) ? mode >> 6 : gids.contains(facts.get("gid")) ? mode >> 3 : mode;
        return (granted & wanted) == wanted;
    }
}
