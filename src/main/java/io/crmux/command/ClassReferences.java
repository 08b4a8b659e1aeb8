package io.crmux.command;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.zip.ZipException;

/**
 * What a compiled class refers to, as its constant pool says.
 *
 * @param name its own
 * @param classes that it names, arrays apart
 * @param members fields and methods that it uses
 * @see <a href="https://docs.oracle.com/javase/specs/jvms/se17/html/jvms-4.html#jvms-4.4">the constant pool</a>
 */
record ClassReferences(String name, Set<String> classes, Set<Member> members) {

    private static final int MAGIC = 0xCAFEBABE;

    /** A field or a method, with the types of its value or its parameters as class files write them. */
    record Member(String owner, String name, String descriptor) {}

    static ClassReferences read(InputStream bytes) throws IOException {
        DataInputStream in = new DataInputStream(bytes);
        if (in.readInt() != MAGIC) {
            throw new ZipException("a class in it is none");
        }
        in.skipNBytes(4);
        Pool pool = new Pool(in);
        in.skipNBytes(2);
        String name = pool.className(in.readUnsignedShort());
        return new ClassReferences(name, pool.classes(), pool.members());
    }

    /** The constants by number: texts, and pairs of numbers of other constants. */
    private static final class Pool {

        private final int[] tags;
        private final int[] first;
        private final int[] second;
        private final String[] texts;

        Pool(DataInputStream in) throws IOException {
            int size = in.readUnsignedShort();
            tags = new int[size];
            first = new int[size];
            second = new int[size];
            texts = new String[size];
            for (int i = 1; i < size; i++) {
                tags[i] = in.readUnsignedByte();
                read(in, i);
                i += isLong(tags[i]) ? 1 : 0;
            }
        }

        /** Longs and doubles take the place of two. */
        private static boolean isLong(int tag) {
            return tag == 5 || tag == 6;
        }

        private void read(DataInputStream in, int i) throws IOException {
            switch (tags[i]) {
                case 1 -> texts[i] = in.readUTF();
                case 3, 4 -> in.skipNBytes(4);
                case 5, 6 -> in.skipNBytes(8);
                case 7, 8, 16, 19, 20 -> first[i] = in.readUnsignedShort();
                case 15 -> in.skipNBytes(3);
                case 9, 10, 11, 12, 17, 18 -> {
                    first[i] = in.readUnsignedShort();
                    second[i] = in.readUnsignedShort();
                }
                default -> throw new ZipException("a class in it cannot be read");
            }
        }

        String className(int constant) {
            return texts[first[constant]].replace('/', '.');
        }

        Set<String> classes() {
            Set<String> classes = new LinkedHashSet<>();
            for (int i = 1; i < tags.length; i++) {
                if (tags[i] == 7 && !texts[first[i]].startsWith("[")) {
                    classes.add(className(i));
                }
            }
            return classes;
        }

        Set<Member> members() {
            Set<Member> members = new LinkedHashSet<>();
            for (int i = 1; i < tags.length; i++) {
                if (tags[i] >= 9 && tags[i] <= 11 && !texts[first[first[i]]].startsWith("[")) {
                    members.add(new Member(className(first[i]), texts[first[second[i]]], texts[second[second[i]]]));
                }
            }
            return members;
        }
    }
}
