package io.crmux.api;

import io.netty.buffer.ByteBuf;

/**
 * Finds header lines that go on in the next line. RFC 9112 lets a server refuse them or put blanks in their place; the HTTP decoder does the latter before
 * anybody sees them, and a proxy in front may do neither, so they are looked for in the bytes.
 */
final class FoldedLines {

    private boolean inHead;
    private boolean afterLineEnd;

    /** The bytes that come next begin a request. */
    void requestBegins() {
        inHead = true;
        afterLineEnd = false;
    }

    /** Whether one of these bytes goes on with a line that had ended. What follows the head is not looked at. */
    boolean isIn(ByteBuf bytes) {
        int from = bytes.readerIndex();
        int to = bytes.writerIndex();
        while (inHead && from < to) {
            if (afterLineEnd) {
                byte first = bytes.getByte(from);
                if (first == ' ' || first == '\t') {
                    return true;
                }
                inHead = first != '\r' && first != '\n';
            }
            int lineEnd = bytes.indexOf(from, to, (byte) '\n');
            afterLineEnd = lineEnd >= 0;
            from = lineEnd < 0 ? to : lineEnd + 1;
        }
        return false;
    }
}
