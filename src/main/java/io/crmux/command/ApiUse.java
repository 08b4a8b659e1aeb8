package io.crmux.command;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the classes of a jar use of crmux and of Vert.x, held against what is here. Java itself would find a difference only when the line is reached that needs
 * what is not there.
 */
final class ApiUse {

    private final ClassLoader loader;
    private final Set<String> missing = new TreeSet<>();

    private ApiUse(ClassLoader loader) {
        this.loader = loader;
    }

    /** What the jar needs and is not here, in words; empty when all is here. */
    static List<String> missing(JarFile jar, ClassLoader loader) throws IOException {
        ApiUse use = new ApiUse(loader);
        for (JarEntry entry : jar.stream().filter(ApiUse::isClass).toList()) {
            try (InputStream bytes = jar.getInputStream(entry)) {
                use.check(ClassReferences.read(bytes));
            }
        }
        return List.copyOf(use.missing);
    }

    private static boolean isClass(JarEntry entry) {
        return entry.getName().endsWith(".class")
                && !entry.getName().endsWith("module-info.class")
                && !entry.getName().startsWith("META-INF/");
    }

    private void check(ClassReferences used) {
        List<ClassReferences.Member> ours =
                used.members().stream().filter(member -> isOurs(member.owner())).toList();
        if (ours.isEmpty() && used.classes().stream().noneMatch(ApiUse::isOurs)) {
            return;
        }
        used.classes().stream().filter(ApiUse::isOurs).forEach(this::load);
        ours.forEach(this::check);
        unimplemented(used.name());
    }

    private static boolean isOurs(String name) {
        return name.startsWith("io.crmux.") || name.startsWith("io.vertx.");
    }

    private @Nullable Class<?> load(String name) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            missing.add("there is no " + name);
            return null;
        } catch (LinkageError e) {
            missing.add(name + ": " + e.getMessage());
            return null;
        }
    }

    private void check(ClassReferences.Member member) {
        Class<?> owner = load(member.owner());
        if (owner != null && !has(owner, member)) {
            missing.add(member.owner() + " has no " + member.name() + " of the kind that was expected");
        }
    }

    private boolean has(Class<?> owner, ClassReferences.Member member) {
        try {
            if (!member.descriptor().startsWith("(")) {
                return lineage(owner)
                        .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
                        .anyMatch(field -> field.getName().equals(member.name())
                                && field.getType().descriptorString().equals(member.descriptor()));
            }
            MethodType type = MethodType.fromMethodDescriptorString(member.descriptor(), loader);
            return member.name().equals("<init>")
                    ? Arrays.stream(owner.getDeclaredConstructors())
                            .anyMatch(each -> Arrays.equals(each.getParameterTypes(), type.parameterArray()))
                    : lineage(owner)
                            .flatMap(each -> Arrays.stream(each.getDeclaredMethods()))
                            .anyMatch(method -> is(method, member.name(), type));
        } catch (TypeNotPresentException | LinkageError e) {
            return false;
        }
    }

    private static boolean is(Method method, String name, MethodType type) {
        return method.getName().equals(name)
                && method.getReturnType() == type.returnType()
                && Arrays.equals(method.getParameterTypes(), type.parameterArray());
    }

    /** A class and all above it; Object's methods can be called on interfaces, too. */
    private static Stream<Class<?>> lineage(Class<?> type) {
        Class<?> above = type.getSuperclass();
        return Stream.concat(
                Stream.of(type, Object.class),
                Stream.concat(
                        above == null ? Stream.empty() : lineage(above),
                        Arrays.stream(type.getInterfaces()).flatMap(ApiUse::lineage)));
    }

    /** What this crmux wants of a connector, and the connector's author did not know of. */
    private void unimplemented(String name) {
        Class<?> type = load(name);
        if (type == null || Modifier.isAbstract(type.getModifiers())) {
            return;
        }
        try {
            Arrays.stream(type.getMethods())
                    .filter(method -> Modifier.isAbstract(method.getModifiers()))
                    .filter(method -> isOurs(method.getDeclaringClass().getName()))
                    .forEach(method -> missing.add(name + " has no " + method.getName() + ", which "
                            + method.getDeclaringClass().getName() + " asks for"));
        } catch (LinkageError e) {
            missing.add(name + " needs what is not there: " + e.getMessage());
        }
    }
}
