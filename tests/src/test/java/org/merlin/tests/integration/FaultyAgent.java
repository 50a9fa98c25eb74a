package org.merlin.tests.integration;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * A Java agent for the JVM inside a scheduler, which makes methods of the module throw: the jar is compiled here, by the ASM that
 * lies beside merlin.so; a file says what is thrown where, and how often.
 */
final class FaultyAgent {
    private static final String SOURCE = """
            package faulty;

            import java.lang.instrument.ClassFileTransformer;
            import java.lang.instrument.Instrumentation;
            import java.nio.file.*;
            import java.security.ProtectionDomain;
            import java.util.Set;
            import org.objectweb.asm.*;

            public final class Agent implements ClassFileTransformer {
                private static final Set<String> ENTRIES = Set.of("load", "precheck", "event", "turn", "quiesce");

                private static Path folder;
                private static String told = "";
                private static int left;

                public static void premain(String argument, Instrumentation instrumentation) {
                    folder = Path.of(argument);
                    instrumentation.addTransformer(new Agent());
                    Thread thread = new Thread(Agent::watch, "faulty");
                    thread.setDaemon(true);
                    thread.start();
                }

                private static void watch() {
                    try (WatchService changes = folder.getFileSystem().newWatchService()) {
                        WatchKey key = folder.register(changes, StandardWatchEventKinds.ENTRY_CREATE);
                        while (!Files.deleteIfExists(folder.resolve("exit"))) {
                            changes.take();
                            key.pollEvents();
                            key.reset();
                        }
                    } catch (Exception e) {
                        return;
                    }
                    System.exit(3);
                }

                @Override
                public byte[] transform(ClassLoader loader, String name, Class<?> old, ProtectionDomain domain, byte[] bytes) {
                    String entry = switch (name == null ? "" : name) {
                        case "org/merlin/module/ipc/DaemonLink" -> "sender";
                        case "org/merlin/module/Turns" -> "module";
                        case "org/merlin/module/nagios/Shim" -> "";
                        default -> null;
                    };
                    if (entry == null) {
                        return null;
                    }
                    ClassReader reader = new ClassReader(bytes);
                    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
                    reader.accept(new ClassVisitor(Opcodes.ASM9, writer) {
                        @Override
                        public MethodVisitor visitMethod(int access, String method, String type, String sign, String[] thrown) {
                            MethodVisitor visitor = super.visitMethod(access, method, type, sign, thrown);
                            if (!(entry.isEmpty() ? ENTRIES : Set.of("turn")).contains(method)) {
                                return visitor;
                            }
                            return new MethodVisitor(Opcodes.ASM9, visitor) {
                                @Override
                                public void visitCode() {
                                    super.visitCode();
                                    visitLdcInsn(entry.isEmpty() ? method : entry);
                                    visitMethodInsn(Opcodes.INVOKESTATIC, "faulty/Agent", "at", "(Ljava/lang/String;)V", false);
                                }
                            };
                        }
                    }, 0);
                    return writer.toByteArray();
                }

                public static void at(String entry) {
                    String[] words;
                    try {
                        String text = Files.readString(folder.resolve("faults"));
                        words = text.strip().split(" ");
                        if (!text.equals(told)) {
                            told = text;
                            left = Integer.parseInt(words[3]);
                        }
                    } catch (Exception e) {
                        return;
                    }
                    if (entry.equals(words[1]) && left > 0) {
                        left--;
                        try {
                            Files.writeString(folder.resolve("thrown"), String.join(" ", words) + "\\n",
                                    StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                        switch (words[2]) {
                            case "overflow" -> deeper(1);
                            case "memory" -> throw new OutOfMemoryError("made by a test");
                            case "class" -> throw new NoClassDefFoundError("made/by/a/Test");
                            default -> throw new IllegalStateException("made by a test");
                        }
                    }
                }

                private static int deeper(int depth) {
                    return deeper(depth + 1) + 1;
                }
            }
            """;

    private final Path folder;
    private final Path jar;
    private int told;

    FaultyAgent(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.jar = folder.resolve("faulty.jar");
        Path source = Files.writeString(
                Files.createDirectories(folder.resolve("faulty")).resolve("Agent.java"), SOURCE);
        List<String> jars = new ArrayList<>();
        try (Stream<Path> files = Files.list(RealNagios.moduleFolder())) {
            files.filter(file -> file.toString().endsWith(".jar")).forEach(file -> jars.add(file.toString()));
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler.run(null, null, null, "-cp", String.join(":", jars), "-d", folder.toString(), source.toString())
                != 0) {
            throw new IllegalStateException("the agent cannot be compiled");
        }
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Premain-Class", "faulty.Agent");
        jar(jar, folder, manifest);
    }

    /** Makes a jar of the classes below a folder. */
    static void jar(Path jar, Path folder, Manifest manifest) throws IOException {
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream classes = new JarOutputStream(out, manifest);
                Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(any -> any.toString().endsWith(".class")).toList()) {
                classes.putNextEntry(new JarEntry(folder.relativize(file).toString()));
                classes.write(Files.readAllBytes(file));
            }
        }
    }

    /** The option that loads it. */
    String option() {
        return "-javaagent:" + jar + "=" + folder;
    }

    /**
     * Has an entry of the module throw, {@code sender}, its thread that talks with the daemon, or {@code module},
     * a turn behind its own guard.
     *
     * @param what {@code runtime}, {@code memory}, {@code overflow} or {@code class}
     */
    void faults(String entry, String what, int times) throws IOException {
        told++;
        Path next = Files.writeString(folder.resolve("next"), told + " " + entry + " " + what + " " + times);
        Files.move(next, folder.resolve("faults"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** How many faults of the last order have been thrown. */
    long thrown() throws IOException {
        Path file = folder.resolve("thrown");
        return Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .filter(line -> line.startsWith(told + " "))
                        .count()
                : 0;
    }

    /** Has a thread of the JVM call {@code System.exit(3)}. */
    void exit() throws IOException {
        Files.writeString(folder.resolve("exit"), "");
    }
}
