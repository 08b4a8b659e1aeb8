package io.crmux.store;

import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Values by the bytes that they are read from: each is made when its bytes are seen first. A map of texts would have to be asked with a text. */
final class ByBytes<T> {

    private static final int FIRST_PLACES = 1 << 10;

    private final Function<byte[], T> making;
    private @Nullable Node<T>[] places = places(FIRST_PLACES);
    private int size;

    ByBytes(Function<byte[], T> making) {
        this.making = making;
    }

    /** The value of the bytes at a place. */
    T at(byte[] all, int position, int length) {
        int hash = hash(all, position, length);
        for (Node<T> node = places[hash & (places.length - 1)]; node != null; node = node.next) {
            if (node.hash == hash && Arrays.equals(node.key, 0, node.key.length, all, position, position + length)) {
                return node.value;
            }
        }
        byte[] key = Arrays.copyOfRange(all, position, position + length);
        T value = making.apply(key);
        if (size++ >= places.length) {
            grow();
        }
        enter(new Node<>(key, hash, value));
        return value;
    }

    private static int hash(byte[] all, int position, int length) {
        int hash = 0;
        for (int i = position; i < position + length; i++) {
            hash = 31 * hash + all[i];
        }
        return hash ^ (hash >>> 16);
    }

    private void grow() {
        @Nullable Node<T>[] before = places;
        places = places(2 * before.length);
        for (Node<T> first : before) {
            for (Node<T> node = first; node != null; ) {
                Node<T> next = node.next;
                enter(node);
                node = next;
            }
        }
    }

    private void enter(Node<T> node) {
        int place = node.hash & (places.length - 1);
        node.next = places[place];
        places[place] = node;
    }

    @SuppressWarnings("unchecked")
    private static <T> @Nullable Node<T>[] places(int number) {
        return (@Nullable Node<T>[]) new Node<?>[number];
    }

    private static final class Node<T> {

        private final byte[] key;
        private final int hash;
        private final T value;
        private @Nullable Node<T> next;

        Node(byte[] key, int hash, T value) {
            this.key = key;
            this.hash = hash;
            this.value = value;
        }
    }
}
