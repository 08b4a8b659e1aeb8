package io.crmux.gateway;

/**
 * What is wrong with one part of a request's body.
 *
 * @param pointer JSON pointer into the body: {@code /fields/birthday}
 * @param problem the rule that it breaks
 */
public record InputProblem(String pointer, String problem) {}
