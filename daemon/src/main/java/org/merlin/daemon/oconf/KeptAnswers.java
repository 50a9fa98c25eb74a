package org.merlin.daemon.oconf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.merlin.confsync.generation.Archive;
import org.merlin.confsync.generation.FileTree;
import org.merlin.confsync.generation.Syncer;
import org.merlin.daemon.oconf.ConfigAnswers.Because;

/** Answers about what is kept of generations. On the sync's thread. */
final class KeptAnswers {
    /** Of a file, in one answer. */
    private static final int PIECE_BYTES = 1 << 20;

    private final ConfigAnswers answers;

    KeptAnswers(ConfigAnswers answers) {
        this.answers = answers;
    }

    /** {@code oconf-files GEN}, {@code oconf-file GEN OFFSET PATH}, {@code oconf-compare GEN GEN}. */
    String answer(Syncer syncer, String word, String rest) throws IOException {
        String[] words = rest.split(" ", 3);
        List<String> hashes = new ArrayList<>();
        for (int i = 0; i < (word.equals("oconf-compare") ? 2 : 1); i++) {
            String beginning = i < words.length ? words[i] : "";
            List<String> found = syncer.find(beginning.toLowerCase(Locale.ROOT));
            if (found.size() != 1) {
                return answers.noGeneration(beginning, found);
            }
            hashes.add(found.get(0));
        }
        return switch (word) {
            case "oconf-files" -> files(syncer.archive(), hashes.get(0));
            case "oconf-file" -> piece(syncer.archive(), hashes.get(0), words);
            default -> answers.write(Map.of("lines", syncer.archive().difference(hashes.get(0), hashes.get(1))));
        };
    }

    private String files(Archive archive, String hash) throws IOException {
        List<Map<String, Object>> files = new ArrayList<>();
        archive.files(hash).files().forEach((path, file) -> {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("path", path);
            shown.put("bytes", file.bytes());
            shown.put("executable", file.executable());
            shown.put("here", archive.has(file));
            files.add(shown);
        });
        return answers.write(Map.of("generation", hash, "files", files));
    }

    private String piece(Archive archive, String hash, String... words) throws IOException {
        String path = words.length == 3 ? words[2] : "";
        FileTree.File file = archive.files(hash).files().get(path);
        if (file == null || !words[1].matches("\\d{1,18}")) {
            return answers.error(Because.USAGE, "generation " + hash + " has no file '" + path + "'");
        }
        Archive.Piece piece = archive.piece(file, Long.parseLong(words[1]), PIECE_BYTES);
        return answers.write(
                Map.of("total", piece.total(), "base64", Base64.getEncoder().encodeToString(piece.bytes())));
    }
}
