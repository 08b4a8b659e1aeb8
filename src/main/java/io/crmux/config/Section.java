package io.crmux.config;

import io.crmux.crm.Quantities;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A part of the file with keys: each is asked for by its name, and what was not asked for in the end is a mistake. Every mistake is noted with its line,
 * and a value that cannot be used is replaced by the default, so that the reading goes on to the next mistake.
 */
final class Section {

    private final String path;
    private final int line;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private final Set<String> asked = new LinkedHashSet<>();
    private final List<Mistake> mistakes;
    private final Values interpolation;

    Section(String path, @Nullable Node node, List<Mistake> mistakes, Values interpolation) {
        this.path = path;
        this.line = node == null ? 1 : line(node);
        this.mistakes = mistakes;
        this.interpolation = interpolation;
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(this::take);
        } else if (node != null && !isEmpty(node)) {
            mistake(line, path, "expected keys with values");
        }
    }

    private void take(NodeTuple pair) {
        if (!(pair.getKeyNode() instanceof ScalarNode key)) {
            mistake(line(pair.getKeyNode()), path, "expected a word as key");
            return;
        }
        String name = key.getValue();
        if (values.containsKey(name)) {
            mistake(line(key), at(name), "this key is there twice: first in line " + lines.get(name));
            return;
        }
        values.put(name, pair.getValueNode());
        lines.put(name, line(key));
    }

    static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    private static boolean isEmpty(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** The line of a key, or that of the section where the key is not there. */
    int line(String key) {
        return lines.getOrDefault(key, line);
    }

    void mistake(String key, String problem) {
        mistake(line(key), at(key), problem);
    }

    private void mistake(int where, String what, String problem) {
        mistakes.add(new Mistake(where, what, problem));
    }

    boolean has(String key) {
        asked.add(key);
        Node node = values.get(key);
        return node != null && !isEmpty(node);
    }

    /** Whether the value of a key is a single one. */
    boolean isScalar(String key) {
        return has(key) && node(key) instanceof ScalarNode;
    }

    /** Whether the value of a key is a list in which there is nothing. */
    boolean isEmptyList(String key) {
        return has(key)
                && node(key) instanceof SequenceNode list
                && list.getValue().isEmpty();
    }

    Set<String> keys() {
        return values.keySet();
    }

    Section section(String key) {
        asked.add(key);
        return new Section(at(key), values.get(key), mistakes, interpolation);
    }

    /** The elements of a list; a single value is a list of one where {@code single} allows it. */
    List<Node> list(String key, boolean single) {
        if (!has(key)) {
            return List.of();
        }
        Node node = node(key);
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        if (!single) {
            mistake(key, "expected a list");
            return List.of();
        }
        return List.of(node);
    }

    /** A part of a list as a section. */
    Section element(String key, int index, Node node) {
        return new Section(at(key) + "[" + index + "]", node, mistakes, interpolation);
    }

    private Node node(String key) {
        Node node = values.get(key);
        if (node == null) {
            throw new IllegalStateException("no " + key);
        }
        return node;
    }

    /** A text; null when it is not there or cannot be used. */
    @Nullable
    String text(String key) {
        return has(key) ? text(key, node(key)) : null;
    }

    /** The content of the file that a key names; null when it is not there or cannot be read. */
    @Nullable
    String content(String key) {
        String path = text(key);
        if (path == null) {
            return null;
        }
        try {
            return interpolation.content(path);
        } catch (Values.Missing missing) {
            mistake(key, missing.words());
            return null;
        }
    }

    /** The text of a part of a list. */
    @Nullable
    String text(String key, Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            mistake(line(node), at(key), "expected a single value");
            return null;
        }
        try {
            return interpolation.of(scalar.getValue());
        } catch (Values.Missing missing) {
            mistake(line(node), at(key), missing.words());
            return null;
        }
    }

    /** Texts of a list. */
    List<String> texts(String key, boolean single) {
        List<String> texts = new ArrayList<>();
        for (Node node : list(key, single)) {
            String text = text(key, node);
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }

    <T> T read(String key, T otherwise, Function<String, T> reading) {
        String text = text(key);
        if (text == null) {
            return otherwise;
        }
        try {
            return reading.apply(text);
        } catch (IllegalArgumentException e) {
            mistake(key, e.getMessage() + ", found " + text);
            return otherwise;
        }
    }

    Duration duration(String key, Duration otherwise) {
        return read(key, otherwise, Quantities::duration);
    }

    long size(String key, long otherwise) {
        return read(key, otherwise, Quantities::size);
    }

    long number(String key, long least, long most, long otherwise) {
        return read(key, otherwise, text -> {
            boolean number = text.matches("\\d{1,18}");
            if (!number || Long.parseLong(text) < least || Long.parseLong(text) > most) {
                throw new IllegalArgumentException("expected a number from " + least + " to " + most);
            }
            return Long.parseLong(text);
        });
    }

    /** Refuses a key that is planned and not there yet: it must not be ignored. */
    void notYet(String key, String what) {
        if (has(key)) {
            mistake(key, what + " is not implemented yet");
        }
    }

    /** Notes every key that nobody has asked for. */
    void end() {
        for (String key : values.keySet()) {
            if (!asked.contains(key)) {
                mistake(key, "unknown key; " + Nearest.guess(key, asked));
            }
        }
    }
}
