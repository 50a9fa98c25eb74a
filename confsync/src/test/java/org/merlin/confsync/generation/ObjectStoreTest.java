package org.merlin.confsync.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ObjectStoreTest {
    @TempDir
    private Path folder;

    private byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(1).nextBytes(noise);
        return noise;
    }

    private ObjectStore open(String name) throws IOException {
        return new ObjectStore(Files.createDirectories(folder.resolve(name)));
    }

    /** Sends an object from one store to another, in pieces; from where that one is. */
    private static boolean send(ObjectStore from, ObjectStore to, String hash, int pieces, long maxBytes)
            throws Exception {
        for (int i = 0; i < pieces; i++) {
            long offset = to.received(hash);
            ByteBuffer piece = from.packed(hash, offset, 1_000);
            if (to.receive(hash, offset, piece, from.packedBytes(hash), maxBytes)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void whatWasPutIsFoundByItsHash() throws Exception {
        ObjectStore store = open("a");
        String hash = store.put("some text");
        assertThat(hash).isEqualTo(Hash.of("some text"));
        assertThat(store.text(hash)).contains("some text");
        assertThat(store.put("some text")).isEqualTo(hash);
        assertThat(store.text("0".repeat(64))).isEmpty();
    }

    @Test
    void aTransferGoesOnWhereItStoppedAlsoAfterARestart() throws Exception {
        ObjectStore from = open("a");
        String hash = from.put(new ByteArrayInputStream(noise(10_000)));
        assertThat(send(from, open("b"), hash, 4, 20_000)).isFalse();
        ObjectStore again = open("b");
        assertThat(again.received(hash)).isEqualTo(4_000);
        assertThat(send(from, again, hash, 100, 20_000)).isTrue();
        assertThat(again.has(hash)).isTrue();
        assertThat(again.packedBytes(hash)).isEqualTo(from.packedBytes(hash));
    }

    @Test
    void aPieceOfAnotherPlaceIsPassedOver() throws Exception {
        ObjectStore from = open("a");
        String hash = from.put(new ByteArrayInputStream(noise(10_000)));
        ObjectStore to = open("b");
        assertThat(to.receive(hash, 500, from.packed(hash, 500, 100), from.packedBytes(hash), 20_000))
                .isFalse();
        assertThat(to.received(hash)).isZero();
    }

    @Test
    void whatIsNotWhatItsNameSaysIsThrownAway() throws Exception {
        ObjectStore from = open("a");
        String hash = from.put(new ByteArrayInputStream(noise(3_000)));
        String other = from.put(new ByteArrayInputStream(noise(2_000)));
        ObjectStore to = open("b");
        long total = from.packedBytes(other);
        assertThatThrownBy(() -> to.receive(hash, 0, from.packed(other, 0, 5_000), total, 20_000))
                .isInstanceOf(DamagedException.class);
        assertThat(to.has(hash)).isFalse();
        assertThat(to.received(hash)).isZero();
    }

    @Test
    void whatUnpacksToMoreThanMayComeIsRefused() throws Exception {
        ObjectStore from = open("a");
        String bomb = from.put(new ByteArrayInputStream(new byte[50_000_000]));
        ObjectStore to = open("b");
        assertThatThrownBy(() -> send(from, to, bomb, 1_000, 100_000)).isInstanceOf(DamagedException.class);
        assertThatThrownBy(() -> to.receive(bomb, 0, ByteBuffer.allocate(10), 1L << 40, 100_000))
                .hasMessageContaining("may come");
    }

    @Test
    void damageShowsAsAbsence() throws Exception {
        ObjectStore store = open("a");
        String hash = store.put("x".repeat(1_000));
        Path file = folder.resolve("a/objects").resolve(hash.substring(0, 2)).resolve(hash.substring(2));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        assertThat(store.text(hash)).isEmpty();
        Files.write(file, new byte[0]);
        assertThat(store.text(hash)).isEmpty();
    }

    @Test
    void whatNobodyNeedsIsDeleted() throws Exception {
        ObjectStore store = open("a");
        String kept = store.put("one");
        String gone = store.put("two");
        store.keepOnly(Set.of(kept));
        assertThat(store.has(kept)).isTrue();
        assertThat(store.has(gone)).isFalse();
    }
}
