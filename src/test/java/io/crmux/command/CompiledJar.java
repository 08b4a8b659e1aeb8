package io.crmux.command;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Makes jars of Java sources, as an author of connectors would. */
public final class CompiledJar {

    /** The example of the guide. */
    public static final Path ACME = Path.of("src/it/acme-crm/src/main");

    public static final String SERVICES = "META-INF/services/io.crmux.crm.Connector";

    private final Path work;
    private final List<Path> api = new ArrayList<>();
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, String> resources = new LinkedHashMap<>();

    /** @param work an empty folder for what comes in between */
    public CompiledJar(Path work) {
        this.work = work;
    }

    /** With the example's connector, and its service entry. */
    public static CompiledJar acme(Path work) {
        return new CompiledJar(work)
                .source("com/example/acme/AcmeCrm.java", acmeSource())
                .resource(SERVICES, "com.example.acme.AcmeCrm");
    }

    static String acmeSource() {
        return read(ACME.resolve("java/com/example/acme/AcmeCrm.java"));
    }

    CompiledJar source(String path, String text) {
        sources.put(path, text);
        return this;
    }

    CompiledJar resource(String path, String text) {
        resources.put(path, text);
        return this;
    }

    /** Classes that go before crmux's own while it is compiled, and are not put into the jar. */
    CompiledJar against(String path, String text) {
        Path stubs = work.resolve("stubs");
        compile(Map.of(path, text), stubs, System.getProperty("java.class.path"));
        api.add(stubs);
        return this;
    }

    /** Writes the jar. */
    public Path to(Path jar) {
        Path classes = work.resolve("classes");
        Stream<String> before = api.stream().map(Path::toString);
        String classPath = String.join(
                java.io.File.pathSeparator,
                Stream.concat(before, Stream.of(System.getProperty("java.class.path")))
                        .toList());
        compile(sources, classes, classPath);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Path file : files(classes)) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                out.write(Files.readAllBytes(file));
            }
            for (Map.Entry<String, String> resource : resources.entrySet()) {
                out.putNextEntry(new JarEntry(resource.getKey()));
                out.write(resource.getValue().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return jar;
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private void compile(Map<String, String> texts, Path to, String classPath) {
        if (texts.isEmpty()) {
            return;
        }
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = javac.getStandardFileManager(null, null, null)) {
            List<Path> written = new ArrayList<>();
            for (Map.Entry<String, String> text : texts.entrySet()) {
                Path file = to.resolveSibling("java").resolve(text.getKey());
                Files.createDirectories(file.getParent());
                written.add(Files.writeString(file, text.getValue()));
            }
            Files.createDirectories(to);
            StringWriter said = new StringWriter();
            List<String> options =
                    List.of("-proc:none", "--release", "17", "-d", to.toString(), "-classpath", classPath);
            boolean done = javac.getTask(
                            said, manager, null, options, null, manager.getJavaFileObjectsFromPaths(written))
                    .call();
            if (!done) {
                throw new AssertionError(said.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
