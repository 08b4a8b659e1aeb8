package io.crmux.fault;

/** What the network does to one exchange: a request, and its answer on the same connection. */
public sealed interface Fault {

    /** Nothing: both arrive. */
    record None() implements Fault {}

    /** The answer comes so much later. The server has got the request in time. */
    record Delay(long millis) implements Fault {}

    /** The request never arrives: the connection is closed instead. */
    record Drop() implements Fault {}

    /** The request arrives; after so many bytes of the answer the connection is reset. 0: nothing of the answer comes. */
    record Reset(int afterBytes) implements Fault {}

    /** The request arrives; after so many bytes of the answer the connection is closed, as if that were all. */
    record Truncate(int afterBytes) implements Fault {}

    /** The request arrives; after so many bytes of the answer nothing comes any more, and the connection stays open. */
    record Stall(int afterBytes) implements Fault {}

    /** The request never arrives, and nothing tells: the connection stays open and is never answered. */
    record Silence() implements Fault {}
}
