package org.merlin.daemon.net;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a server said to one question.
 *
 * @param trouble why it says nothing that is of use, in words that go on after the server's name; empty if it did answer
 * @param unknown whether it says that there is no such name, of whatever type
 * @param alias the name that the one that was asked for stands for, if the answer has nothing of that
 * @param addresses at most {@link #MAX_ADDRESSES}
 * @param services at most {@link ServiceRecord#MAX_RECORDS}
 */
record Answer(
        Optional<String> trouble,
        boolean unknown,
        Optional<String> alias,
        List<InetAddress> addresses,
        List<ServiceRecord> services) {
    static final int MAX_ADDRESSES = 64;

    Answer {
        addresses = List.copyOf(addresses);
        services = List.copyOf(services);
    }

    static Answer none(String trouble) {
        return new Answer(Optional.of(trouble), false, Optional.empty(), List.of(), List.of());
    }

    /** Reads a response to a question for a name; the response stays its owner's. */
    static Answer read(String name, DnsResponse response) {
        if (response.code().equals(DnsResponseCode.NXDOMAIN)) {
            return new Answer(Optional.of("knows no " + name), true, Optional.empty(), List.of(), List.of());
        }
        if (!response.code().equals(DnsResponseCode.NOERROR)) {
            return none("answers " + response.code() + " for " + name);
        }
        if (response.isTruncated()) {
            return none("has a long answer for " + name + ", and did not give it by TCP");
        }
        try {
            return new Reader(response).read(name);
        } catch (DecoderException | IndexOutOfBoundsException | UnknownHostException e) {
            return none("has an answer for " + name + " that cannot be read: " + e.getMessage());
        }
    }

    /** Goes through the records of one response. */
    private static final class Reader {
        private final List<DnsRawRecord> records = new ArrayList<>();
        private final Map<String, String> aliases = new HashMap<>();

        Reader(DnsResponse response) {
            for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
                if (response.recordAt(DnsSection.ANSWER, i) instanceof DnsRawRecord record) {
                    records.add(record);
                }
            }
        }

        Answer read(String name) throws UnknownHostException {
            for (DnsRawRecord record : records) {
                if (record.type().equals(DnsRecordType.CNAME)) {
                    aliases.put(Names.canonical(record.name()), target(content(record)));
                }
            }
            String last = behindAliases(name);
            List<InetAddress> addresses = new ArrayList<>();
            List<ServiceRecord> services = new ArrayList<>();
            for (DnsRawRecord record : records) {
                if (Names.canonical(record.name()).equals(last)) {
                    take(record, addresses, services);
                }
            }
            boolean nothing = addresses.isEmpty() && services.isEmpty();
            Optional<String> alias = nothing && !last.equals(name) ? Optional.of(last) : Optional.empty();
            return new Answer(Optional.empty(), false, alias, addresses, services);
        }

        private String behindAliases(String name) throws UnknownHostException {
            String last = name;
            for (int steps = 0; aliases.containsKey(last); steps++) {
                if (steps == Search.MAX_STEPS) {
                    throw new UnknownHostException("more than " + steps + " aliases lead to each other");
                }
                last = aliases.get(last);
            }
            return last;
        }

        private static void take(DnsRawRecord record, List<InetAddress> addresses, List<ServiceRecord> services)
                throws UnknownHostException {
            ByteBuf content = content(record);
            if (record.type().equals(DnsRecordType.SRV) && services.size() < ServiceRecord.MAX_RECORDS) {
                services.add(new ServiceRecord(
                        content.readUnsignedShort(),
                        content.readUnsignedShort(),
                        content.readUnsignedShort(),
                        target(content)));
            } else if ((record.type().equals(DnsRecordType.A) || record.type().equals(DnsRecordType.AAAA))
                    && addresses.size() < MAX_ADDRESSES) {
                byte[] address = new byte[content.readableBytes()];
                content.readBytes(address);
                addresses.add(InetAddress.getByAddress(address));
            }
        }

        /** Its place in the whole message stays: names may point elsewhere in it. */
        private static ByteBuf content(DnsRawRecord record) {
            return record.content().duplicate();
        }

        private static String target(ByteBuf content) {
            return Names.canonical(DefaultDnsRecordDecoder.decodeName(content));
        }
    }
}
