package org.llavamed.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows between the modules, as drawn in ARCHITECTURE.md. */
final class ArrowsTest {
  static Set<String> modules() {
    return Modules.ALLOWED.keySet();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void everyModuleIsSeenByTheseRules(String module) {
    assertThat(Modules.CLASSES.stream().filter(in(module)))
        .as("classes of %s", module)
        .anyMatch(type -> !isPackage(type));
  }

  @Test
  void noClassIsOfAModuleWithoutARule() {
    assertThat(Modules.CLASSES)
        .allSatisfy(
            type ->
                assertThat(Modules.of(type).map(Modules.ALLOWED::containsKey))
                    .as(type.getName())
                    .contains(true));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void aModuleUsesOnlyTheModulesItMay(String module) {
    classes()
        .that(in(module))
        .should(useOnly(module, Modules.ALLOWED.getOrDefault(module, Set.of())))
        .check(Modules.CLASSES);
  }

  @Test
  void theContractsUseJavaAlone() {
    classes()
        .that(in("api"))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "org.osgi.annotation..", "org.jspecify.annotations..", "org.llavamed..")
        .check(Modules.CLASSES);
  }

  @Test
  void packagesAreFreeOfCycles() {
    slices().matching("org.llavamed.(**)").should().beFreeOfCycles().check(Modules.CLASSES);
  }

  @Test
  void internalClassesAreFinal() {
    classes()
        .that()
        .resideInAPackage("..internal..")
        .and()
        .areTopLevelClasses()
        .and()
        .areNotInterfaces()
        .and()
        .areNotEnums()
        .and(
            DescribedPredicate.not(
                DescribedPredicate.describe("package-info", ArrowsTest::isPackage)))
        .should()
        .haveModifier(JavaModifier.FINAL)
        .check(Modules.CLASSES);
  }

  @Test
  void internalPackagesAreKnownToTheirOwnModuleAlone() {
    classes().should(leaveOthersInternalsAlone()).check(Modules.CLASSES);
  }

  @ParameterizedTest
  @MethodSource("modules")
  void aBundleImportsOnlyPackagesOfModulesItMayUse(String module) throws IOException {
    Set<String> allowed = Modules.ALLOWED.getOrDefault(module, Set.of());
    for (String imported : Manifests.importsOfOurs(module)) {
      assertThat(Modules.CLASSES.stream())
          .as("%s imports %s", module, imported)
          .anyMatch(
              type ->
                  type.getPackageName().equals(imported)
                      && Modules.of(type).filter(allowed::contains).isPresent());
    }
  }

  private static boolean isPackage(JavaClass type) {
    return type.getSimpleName().equals("package-info");
  }

  private static DescribedPredicate<JavaClass> in(String module) {
    return DescribedPredicate.describe(
        "in module " + module, type -> Modules.of(type).filter(module::equals).isPresent());
  }

  private static ArchCondition<JavaClass> leaveOthersInternalsAlone() {
    return new ArchCondition<>("use internal packages of their own module only") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
          JavaClass target = dependency.getTargetClass().getBaseComponentType();
          boolean internal = target.getPackageName().matches("org\\.llavamed\\..*\\binternal\\b.*");
          if (internal && !Modules.of(target).equals(Modules.of(type))) {
            events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
          }
        }
      }
    };
  }

  private static ArchCondition<JavaClass> useOnly(String module, Set<String> allowed) {
    return new ArchCondition<>("use only the modules " + allowed) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
          JavaClass target = dependency.getTargetClass().getBaseComponentType();
          if (!target.getPackageName().startsWith("org.llavamed")) {
            continue; // a library, wherever it was found
          }
          Modules.of(target)
              .filter(used -> !used.equals(module) && !allowed.contains(used))
              .ifPresent(
                  used ->
                      events.add(
                          SimpleConditionEvent.violated(
                              dependency, dependency.getDescription() + " of module " + used)));
        }
      }
    };
  }
}
