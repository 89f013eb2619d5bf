package dev.sinq4j.safetensors;

import dev.sinq4j.failure.UnavailableFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a file's header says, checked: sorted by offset, the tensors start at 0, touch, and end at the end of the file.
 *
 * @param metadata free text of the file
 * @param entries  sorted by offset
 */
record Header(Map<String, String> metadata, List<Entry> entries) {

    /** The key that holds the metadata among the tensors' names. */
    static final String METADATA = "__metadata__";

    /** Longest header the format allows, in bytes. */
    static final long MAX_BYTES = 100_000_000;

    /**
     * @param file      how messages call the file
     * @param json      the header's bytes
     * @param dataBytes bytes of the file after the header
     */
    static Header parse(String file, byte[] json, long dataBytes) {
        Map<String, String> metadata = Map.of();
        List<Entry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        try (HeaderText text = HeaderText.open(file + ": header", json)) {
            text.openObject("the outermost value");
            while (text.hasMore()) {
                String name = text.key();
                if (!names.add(name)) throw new UnavailableFailure(file + ": " + described(name) + " is listed twice");
                if (name.equals(METADATA)) metadata = metadata(file, text);
                else entries.add(Entry.read(file, name, text));
            }
            text.requireEnd();
        }
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        checkLayout(file, entries, dataBytes);
        return new Header(metadata, List.copyOf(entries));
    }

    private static Map<String, String> metadata(String file, HeaderText text) {
        if (text.skipNull()) return Map.of();
        Map<String, String> metadata = new LinkedHashMap<>();
        text.openObject(METADATA);
        while (text.hasMore()) {
            String key = text.key();
            String value = text.string(METADATA + ": '" + key + "'");
            if (metadata.put(key, value) != null)
                throw new UnavailableFailure(file + ": " + METADATA + " has '" + key + "' twice");
        }
        return Collections.unmodifiableMap(metadata);
    }

    private static void checkLayout(String file, List<Entry> entries, long dataBytes) {
        if (entries.isEmpty()) {
            if (dataBytes > 0)
                throw new UnavailableFailure(
                        file + ": " + dataBytes + " bytes of data, but the header lists no tensor");
            return;
        }
        Entry first = entries.getFirst();
        if (first.begin() != 0)
            throw new UnavailableFailure(file + ": the first tensor, '" + first.name() + "', starts at byte "
                    + first.begin() + ", not at 0");
        for (int i = 1; i < entries.size(); i++) {
            Entry before = entries.get(i - 1);
            Entry entry = entries.get(i);
            if (entry.begin() != before.end())
                throw new UnavailableFailure(file + ": tensor '" + entry.name() + "' starts at byte " + entry.begin()
                        + " but '" + before.name() + "' ends at byte " + before.end());
        }
        Entry last = entries.getLast();
        if (last.end() > dataBytes)
            throw new UnavailableFailure(file + ": tensor '" + last.name() + "' ends at byte " + last.end()
                    + " but the file holds only " + dataBytes + " bytes of data; it was cut short: fetch it again");
        if (last.end() < dataBytes)
            throw new UnavailableFailure(file + ": " + (dataBytes - last.end()) + " bytes follow the last tensor, '"
                    + last.name() + "', which ends at byte " + last.end());
    }

    private static String described(String name) {
        return name.equals(METADATA) ? METADATA : "tensor '" + name + "'";
    }
}
