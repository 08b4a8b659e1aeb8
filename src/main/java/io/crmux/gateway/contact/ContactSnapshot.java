package io.crmux.gateway.contact;

import io.crmux.gateway.Address;
import io.crmux.gateway.load.Entry;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of contacts, as bytes: each with its id, its tags as the CRM told them, its address, and when these were known. Waiting changes are not
 * in it, since the store has them, and they are laid on again when all of them are. Each tag is written once, and numbered.
 */
public final class ContactSnapshot {

    /** Raised with every change of the bytes, or of what they mean. */
    public static final int FORMAT = 1;

    private static final int END = 0;
    private static final int CONTACT = 1;
    private static final int HAS_TAGS = 2;
    private static final int HAS_ADDRESS = 4;
    /** Of what a text may take as bytes. */
    private static final int LONGEST = 0xffff;

    private ContactSnapshot() {}

    /** Writes all contacts, whatever happens to them meanwhile, and answers with their number. May be called on any thread that may wait. */
    public static int write(ContactMemory memory, DataOutput out) throws IOException {
        Writer writer = new Writer(out);
        memory.each(writer);
        out.writeByte(END);
        return writer.contacts;
    }

    /**
     * Keeps what was written, and answers with the number of contacts. To be called before the memory is read or written by anybody else.
     *
     * @param latest what was known later than this is kept as if known then, milliseconds since 1970
     */
    public static int read(DataInput in, ContactMemory memory, long latest) throws IOException {
        List<String> tags = new ArrayList<>();
        int contacts = 0;
        for (int has = in.readByte(); has != END; has = in.readByte()) {
            String id = in.readUTF();
            if ((has & HAS_TAGS) != 0) {
                long loadedAt = Math.min(latest, in.readLong());
                memory.tags().put(id, Entry.loaded(tags(in, tags), loadedAt));
            }
            if ((has & HAS_ADDRESS) != 0) {
                long learned = Math.min(latest, in.readLong());
                Optional<Address> address = Address.parse(in.readUTF());
                address.ifPresent(known -> memory.ids().put(known, Entry.loaded(id, learned)));
            }
            contacts++;
        }
        return contacts;
    }

    private static TagSet tags(DataInput in, List<String> numbered) throws IOException {
        List<String> tags = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            int number = in.readInt();
            if (number == numbered.size()) {
                numbered.add(in.readUTF());
            }
            tags.add(numbered.get(number));
        }
        return TagSet.of(tags);
    }

    private static final class Writer implements ContactMemory.Visitor {

        private final DataOutput out;
        private final Map<String, Integer> numbers = new HashMap<>();
        private int contacts;

        Writer(DataOutput out) {
            this.out = out;
        }

        @Override
        public void visit(String id, @Nullable Entry<VisibleTags> tags, @Nullable String address, long learned)
                throws IOException {
            TagSet known =
                    tags == null || tags.value() == null ? null : tags.value().known();
            boolean withTags = known != null && known.values().stream().allMatch(tag -> tag.length() < LONGEST / 3);
            if (id.length() >= LONGEST / 3 || (!withTags && address == null)) {
                return;
            }
            out.writeByte(CONTACT | (withTags ? HAS_TAGS : 0) | (address == null ? 0 : HAS_ADDRESS));
            out.writeUTF(id);
            if (withTags && tags != null && known != null) {
                out.writeLong(tags.loadedAt());
                write(known);
            }
            if (address != null) {
                out.writeLong(learned);
                out.writeUTF(address);
            }
            contacts++;
        }

        private void write(TagSet tags) throws IOException {
            out.writeInt(tags.size());
            for (String tag : tags.values()) {
                Integer number = numbers.putIfAbsent(tag, numbers.size());
                out.writeInt(number == null ? numbers.size() - 1 : number);
                if (number == null) {
                    out.writeUTF(tag);
                }
            }
        }
    }
}
