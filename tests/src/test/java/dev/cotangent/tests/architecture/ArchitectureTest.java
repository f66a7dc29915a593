package dev.cotangent.tests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.cotangent.Dtype;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The dependencies that modules, packages and classes may have. */
class ArchitectureTest {
    private static final String[] PLATFORM = {"java..", "javax..", "org.jspecify.."};
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.cotangent");
    private static final JavaClasses CORE = new ClassFileImporter()
            .importUrl(Dtype.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void thereIsSomethingToCheck() {
        assertTrue(CORE.contain(Dtype.class), "core was not read");
        assertTrue(ALL.size() > CORE.size(), "only core was read");
    }

    @Test
    void coreKnowsTheJdkAndSlf4jAlone() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(PLATFORM)
                        .or(resideInAPackage("org.slf4j.."))
                        // Optional: the profiler's events in Java's Flight Recorder.
                        .or(resideInAPackage("jdk.jfr"))
                        .or(in(CORE)))
                .check(CORE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "jcuda", "kernels"})
    void aBackendKnowsCoreAndKernelsAlone(String name) {
        String own = "dev.cotangent." + name + "..";
        noClasses()
                .that()
                .resideInAPackage(own)
                .should()
                .dependOnClassesThat(resideInAPackage("dev.cotangent..")
                        .and(not(resideInAnyPackage(own, "dev.cotangent.kernels..")))
                        .and(not(in(CORE))))
                .allowEmptyShould(true)
                .check(ALL);
    }

    @ParameterizedTest
    @CsvSource({"jcuda, dev.cotangent.jcuda", "jdk.incubator.vector, dev.cotangent.cpu"})
    void onePackageAloneImports(String library, String module) {
        Set<String> packages = ALL.stream()
                .filter(c -> c.getDirectDependenciesFromSelf().stream()
                        .anyMatch(d -> d.getTargetClass().getPackageName().startsWith(library)))
                .map(JavaClass::getPackageName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(packages.size() <= 1, library + " is imported in " + packages);
        assertTrue(packages.stream().allMatch(p -> p.startsWith(module)), library + " is imported in " + packages);
    }

    @Test
    void cpuBackendKnowsNoTensor() {
        // What a backend sees of the package of tensors: types of elements, devices, shapes, exceptions.
        classes()
                .that()
                .resideInAPackage("dev.cotangent.cpu..")
                .should()
                .onlyDependOnClassesThat(not(in(CORE))
                        .or(DescribedPredicate.describe(
                                "below tensors", c -> Layer.of(c).compareTo(Layer.FUSION) <= 0)))
                .check(ALL);
    }

    /** The layers of core, from the bottom. */
    private enum Layer {
        VALUES(""),
        IR("ir"),
        BACKEND("backend"),
        FUSION("internal.fusion"),
        /** Tensors, their methods and the values made of them, which call operations; nothing below knows them. */
        TENSOR(""),
        CUDA("cuda"),
        ENGINE("internal.engine"),
        OPS("internal.ops"),
        CREATION("internal.ops.creation"),
        MOVEMENT("internal.ops.movement"),
        ELEMENTWISE("internal.ops.elementwise"),
        INDEXING("internal.ops.indexing"),
        REDUCTION("internal.ops.reduction"),
        LINALG("internal.ops.linalg"),
        RANDOM("internal.ops.random"),
        NN("internal.ops.nn"),
        FORMAT("internal.format"),
        /** The rest of the public API. */
        API("");

        private static final Set<String> VALUE_CLASSES =
                Set.of("Dtype", "Device", "Shape", "TensorOptions", "ChosenOptions", "EnumNames");
        /** Part of the engine, but called by users as well. */
        private static final Set<String> ENGINE_CLASSES = Set.of(
                "Node",
                "GradientEdge",
                "NodeHook",
                "NodePreHook",
                "GradMode",
                "Anomaly",
                "SavedTensorHooks",
                "BackwardOptions");

        private final String name;

        Layer(String name) {
            this.name = name;
        }

        static Layer of(JavaClass c) {
            JavaClass top = c.isArray() ? c.getBaseComponentType() : c;
            while (top.getEnclosingClass().isPresent())
                top = top.getEnclosingClass().get();
            String name = top.getSimpleName();
            String parent = top.getPackageName();
            if (parent.equals("dev.cotangent")) {
                boolean value = VALUE_CLASSES.contains(name) || top.isAssignableTo(RuntimeException.class);
                return value || top.isEnum() ? VALUES : TENSOR;
            }
            if (parent.equals("dev.cotangent.internal")) {
                return Set.of("Internals", "LazyForms", "TensorAccess").contains(name) ? ENGINE : VALUES;
            }
            // Options and results of operations, and the class of static methods that calls these.
            if (Set.of("dev.cotangent.fft", "dev.cotangent.linalg", "dev.cotangent.signal")
                    .contains(parent)) {
                return Set.of("Fft", "Linalg", "Windows").contains(name) ? API : TENSOR;
            }
            if (parent.equals("dev.cotangent.autograd")) return ENGINE_CLASSES.contains(name) ? ENGINE : API;
            for (Layer l : values()) if (parent.equals("dev.cotangent." + l.name)) return l;
            return API;
        }
    }

    @Test
    void dependenciesPointDown() {
        Set<String> up = new TreeSet<>();
        for (JavaClass c : CORE) {
            Layer from = Layer.of(c);
            // A fluent API knows the operations that it calls.
            if (from == Layer.TENSOR) continue;
            c.getDirectDependenciesFromSelf().stream()
                    .map(d -> d.getTargetClass())
                    .filter(in(CORE))
                    .filter(t -> Layer.of(t).compareTo(from) > 0)
                    // A device's text names the kinds of devices that there are, which the backends' providers say.
                    .filter(t -> !c.getSimpleName().equals("Device")
                            || !t.getSimpleName().startsWith("Backend"))
                    .forEach(t -> up.add(c.getName() + " (" + from + ") -> " + t.getName() + " (" + Layer.of(t) + ")"));
        }
        assertEquals(Set.of(), up);
    }

    @Test
    void publicApiNamesNoInternalClass() {
        Set<String> leaks = new TreeSet<>();
        for (JavaClass c : CORE) {
            if (isInternal(c) || !c.getModifiers().contains(JavaModifier.PUBLIC)) continue;
            for (JavaCodeUnit m : c.getCodeUnits()) {
                boolean visible = m.getModifiers().contains(JavaModifier.PUBLIC)
                        || m.getModifiers().contains(JavaModifier.PROTECTED);
                if (!visible || m.getModifiers().contains(JavaModifier.SYNTHETIC)) continue;
                Stream.concat(Stream.of(m.getRawReturnType()), m.getRawParameterTypes().stream())
                        .filter(ArchitectureTest::isInternal)
                        .forEach(t -> leaks.add(m.getFullName() + " names " + t.getName()));
            }
        }
        assertEquals(Set.of(), leaks);
    }

    private static boolean isInternal(JavaClass c) {
        return c.getPackageName().startsWith("dev.cotangent.internal");
    }

    @Test
    void everyPackageHasALayer() {
        Set<String> known = Arrays.stream(Layer.values())
                .map(l -> l.name.isEmpty() ? "dev.cotangent" : "dev.cotangent." + l.name)
                .collect(Collectors.toCollection(TreeSet::new));
        known.addAll(Set.of(
                "dev.cotangent.internal",
                "dev.cotangent.autograd",
                "dev.cotangent.fft",
                "dev.cotangent.linalg",
                "dev.cotangent.profiler",
                "dev.cotangent.signal",
                "dev.cotangent.special"));
        Set<String> packages =
                CORE.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(known, packages);
    }

    @Test
    void exceptionsAreOfOneFamily() {
        Set<String> strangers = CORE.stream()
                .filter(c -> c.isAssignableTo(Throwable.class) && !c.isAssignableTo("dev.cotangent.CotangentException"))
                .map(JavaClass::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), strangers);
    }

    private static DescribedPredicate<JavaClass> in(JavaClasses some) {
        return DescribedPredicate.describe(
                "of that module",
                c -> some.contain(c.getName())
                        || c.isArray() && some.contain(c.getBaseComponentType().getName()));
    }
}
