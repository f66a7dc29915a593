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
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.cotangent.Dtype;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may know whom. */
class WallsTest {
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
                        .or(in(CORE)))
                .check(CORE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "cuda", "kernels"})
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
    @CsvSource({"jcuda, dev.cotangent.cuda", "jdk.incubator.vector, dev.cotangent.cpu"})
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
    void belowTheBackendNobodyKnowsTensors() {
        // What a backend sees of the package of tensors: types of elements, devices, shapes, exceptions.
        Set<String> plain = Set.of("Dtype", "Device", "Shape");
        classes()
                .that()
                .resideInAnyPackage("dev.cotangent.backend..", "dev.cotangent.program..", "dev.cotangent.cpu..")
                .should()
                .onlyDependOnClassesThat(not(in(CORE))
                        .or(resideInAnyPackage("dev.cotangent.backend..", "dev.cotangent.program.."))
                        .or(DescribedPredicate.describe(
                                "plain values",
                                c -> c.getPackageName().equals("dev.cotangent")
                                        && (plain.contains(c.getSimpleName())
                                                || c.isAssignableTo(RuntimeException.class)))))
                .check(ALL);
    }

    @Test
    void programsKnowNoBackend() {
        noClasses()
                .that()
                .resideInAPackage("dev.cotangent.program..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.cotangent.backend..")
                .check(CORE);
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
