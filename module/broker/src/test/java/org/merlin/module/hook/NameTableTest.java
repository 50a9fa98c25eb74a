package org.merlin.module.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.merlin.protocol.event.MonitoredObject;

class NameTableTest {
    @Provide
    Arbitrary<List<MonitoredObject>> objects() {
        Arbitrary<String> names =
                Arbitraries.strings().withChars("ab;ä").ofMinLength(1).ofMaxLength(4);
        Arbitrary<String> services = Arbitraries.strings().withChars("ab;ä").ofMaxLength(4);
        return Combinators.combine(names, services)
                .as(MonitoredObject::new)
                .list()
                .uniqueElements(MonitoredObject::name)
                .ofMaxSize(200);
    }

    @Property
    void everyNameIsFoundAndNoOther(
            @ForAll("objects") List<MonitoredObject> objects, @ForAll("objects") List<MonitoredObject> others) {
        NameTable table = new NameTable(objects.size(), objects::get);
        for (int index = 0; index < objects.size(); index++) {
            assertThat(table.find(objects.get(index).name())).isEqualTo(index);
        }
        List<String> names = objects.stream().map(MonitoredObject::name).toList();
        for (MonitoredObject other : others) {
            assertThat(table.find(other.name())).isEqualTo(names.indexOf(other.name()));
        }
    }
}
