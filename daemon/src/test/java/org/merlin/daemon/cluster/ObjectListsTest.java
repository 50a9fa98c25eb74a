package org.merlin.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.merlin.protocol.control.ListPart;
import org.merlin.protocol.control.ListQuery;

final class ObjectListsTest {
    private static final long OURS = 7;
    private static final long THEIRS = 8;
    private static final long[] MANY =
            LongStream.range(0, 3 * ListPart.MAX_KEYS).toArray();

    /** Notes what it is asked and told. */
    private static final class Partner implements ListPartner {
        final List<ListQuery> asked = new ArrayList<>();
        final List<ListPart> told = new ArrayList<>();

        @Override
        public void ask(ListQuery query) {
            asked.add(query);
        }

        @Override
        public void answer(ListPart part) {
            told.add(part);
        }

        ListQuery lastAsked() {
            return asked.get(asked.size() - 1);
        }
    }

    private final Partner module = new Partner();
    private final Partner yoda = new Partner();
    private final Partner leia = new Partner();
    private final ObjectLists lists = new ObjectLists(module, hash -> hash == OURS);

    private boolean tell(Partner from, long[] keys, long now) {
        return lists.onPart(from, ListPart.of(keys, from.lastAsked()), now);
    }

    @Test
    void asksForAListPartByPartAndKnowsItThen() {
        assertThat(lists.keys(THEIRS, List.of(yoda), 0)).isEmpty();
        assertThat(tell(yoda, MANY, 1)).isFalse();
        assertThat(tell(yoda, MANY, 2)).isFalse();
        assertThat(lists.keys(THEIRS, List.of(yoda), 2)).isEmpty();
        assertThat(tell(yoda, MANY, 3)).isTrue();
        assertThat(lists.keys(THEIRS, List.of(yoda), 3))
                .hasValueSatisfying(keys -> assertThat(keys).containsExactly(MANY));
        assertThat(yoda.asked).extracting(ListQuery::from).containsExactly(0, ListPart.MAX_KEYS, 2 * ListPart.MAX_KEYS);
    }

    @Test
    void anEmptyListIsKnownAtOnce() {
        lists.keys(THEIRS, List.of(yoda), 0);
        assertThat(tell(yoda, new long[0], 1)).isTrue();
        assertThat(lists.keys(THEIRS, List.of(yoda), 1)).isPresent();
    }

    @Test
    void whoDoesNotAnswerIsFollowedByAnotherThatHasTheSameListWhereItStopped() {
        lists.keys(THEIRS, List.of(yoda, leia), 0);
        tell(yoda, MANY, 1);
        lists.keys(THEIRS, List.of(yoda, leia), ObjectLists.PATIENCE_NANOS);
        assertThat(leia.asked).isEmpty();
        lists.keys(THEIRS, List.of(yoda, leia), 1 + ObjectLists.PATIENCE_NANOS);
        assertThat(leia.lastAsked().from()).isEqualTo(ListPart.MAX_KEYS);
    }

    @Test
    void whatNobodyAskedForOrAnotherOneTellsIsLeftAlone() {
        assertThat(lists.onPart(yoda, ListPart.of(MANY, new ListQuery(THEIRS, 0)), 0))
                .isFalse();
        lists.keys(THEIRS, List.of(yoda), 0);
        assertThat(lists.onPart(leia, new ListPart(THEIRS, 1, 0, List.of(1L)), 0))
                .isFalse();
        assertThat(lists.keys(THEIRS, List.of(yoda), 0)).isEmpty();
    }

    @Test
    void aListThatWasLoadedNoMoreOrIsOutOfOrderIsAskedForAnewLater() {
        lists.keys(THEIRS, List.of(yoda), 0);
        tell(yoda, MANY, 1);
        for (ListPart wrong :
                List.of(ListPart.unknown(THEIRS), new ListPart(THEIRS, MANY.length, ListPart.MAX_KEYS, List.of(-1L)))) {
            yoda.asked.clear();
            lists.onPart(yoda, wrong, 2);
            lists.keys(THEIRS, List.of(yoda), 3);
            assertThat(yoda.asked).isEmpty();
            lists.keys(THEIRS, List.of(yoda), 2 + ObjectLists.PATIENCE_NANOS);
            assertThat(yoda.lastAsked().from()).isZero();
            tell(yoda, MANY, 2 - ObjectLists.PATIENCE_NANOS);
        }
    }

    @Test
    void answersOthersOnceOurModuleHasToldUs() {
        lists.onQuery(yoda, new ListQuery(OURS, 0), 0);
        assertThat(yoda.told).isEmpty();
        while (!tell(module, MANY, 1)) {
            assertThat(yoda.told).isEmpty();
        }
        assertThat(yoda.told).containsExactly(ListPart.of(MANY, new ListQuery(OURS, 0)));
        lists.onQuery(yoda, new ListQuery(OURS, ListPart.MAX_KEYS), 2);
        assertThat(yoda.told).hasSize(2);
        assertThat(module.asked).hasSize(3);
    }

    @Test
    void ofOthersListsItTellsNobody() {
        lists.keys(THEIRS, List.of(yoda), 0);
        tell(yoda, new long[] {1}, 1);
        lists.onQuery(leia, new ListQuery(THEIRS, 0), 2);
        assertThat(leia.told).containsExactly(ListPart.unknown(THEIRS));
    }

    @Test
    void forgetsWhatNobodyWantsForAMinute() {
        lists.keys(THEIRS, List.of(yoda), 0);
        tell(yoda, new long[] {1}, 1);
        lists.onTick(ObjectLists.KEEP_NANOS - 1);
        assertThat(lists.keys(THEIRS, List.of(yoda), ObjectLists.KEEP_NANOS - 1))
                .isPresent();
        lists.onTick(2 * ObjectLists.KEEP_NANOS - 1);
        assertThat(lists.keys(THEIRS, List.of(yoda), 2 * ObjectLists.KEEP_NANOS))
                .isEmpty();
    }

    @Test
    void holdsNoMoreThanItsBoundHoweverManyListsThereAre() {
        long[] large = LongStream.range(0, ListPart.MAX_TOTAL).toArray();
        long known = 0;
        for (long hash = 100; hash < 106; hash++) {
            lists.keys(hash, List.of(yoda), 0);
            boolean whole = false;
            for (int part = 0; part < 200 && !whole && yoda.lastAsked().lists() == hash; part++) {
                whole = tell(yoda, large, 1);
            }
            known += lists.keys(hash, List.of(), 1)
                    .map(keys -> (long) keys.length)
                    .orElse(0L);
        }
        assertThat(known).isEqualTo(ObjectLists.MAX_KEYS);
    }

    @Test
    void tellsWhatOneHasAndTheOtherLacks() {
        assertThat(ObjectLists.lacking(new long[] {-3, 1, 2, 5, 9}, new long[] {-3, 0, 2, 9, 10}))
                .containsExactly(1, 5);
        assertThat(ObjectLists.lacking(new long[] {1, 2}, new long[0])).containsExactly(1, 2);
        assertThat(ObjectLists.lacking(new long[0], new long[] {1})).isEmpty();
        assertThat(Optional.of(ObjectLists.lacking(MANY, MANY)))
                .hasValueSatisfying(none -> assertThat(none).isEmpty());
    }
}
