package org.llavamed.launcher;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * What is wrong with a started framework, in words: bundles that do not run, components that lack a
 * service or a configuration, keys of configurations that nobody reads. The component runtime is
 * asked by reflection, since its types live in a bundle.
 */
final class StartReport {
  private static final String RUNTIME =
      "org.osgi.service.component.runtime.ServiceComponentRuntime";

  /** Bits of a component configuration's state (OSGi Compendium, 112.13): both are no fault. */
  private static final List<Integer> WORKING = List.of(4, 8);

  /** What the keys begin with that the framework adds to those of a configuration. */
  private static final List<String> OF_THE_FRAMEWORK =
      List.of("service.", "component.", "felix.", "osgi.");

  /** What the runtime says of a component that needs another one that does not start. */
  private static final String CONSEQUENCE = "Unable to get service for reference";

  private StartReport() {}

  /** Returns one sentence a problem; empty where all is well. */
  static List<String> problems(Host host) {
    List<String> problems = new ArrayList<>();
    for (Map.Entry<Bundle, BundleException> refused : host.refused().entrySet()) {
      problems.add(
          "bundle %s does not start: %s"
              .formatted(refused.getKey().getSymbolicName(), refused.getValue().getMessage()));
    }
    BundleContext context = host.context();
    // All: which types the class path of this launcher happens to hold must not matter.
    ServiceReference<?>[] runtimes = allReferences(context);
    if (runtimes.length == 0) {
      problems.add("the component runtime (org.apache.felix.scr) is missing from the bundles");
      return problems;
    }
    Object service = context.getService(runtimes[0]);
    Set<String> keys = new TreeSet<>();
    if (service != null) {
      try {
        problems.addAll(components(service, keys));
      } catch (ReflectiveOperationException e) {
        problems.add("the component runtime does not answer: " + e);
      }
    }
    return Stream.concat(causes(problems).stream(), keys.stream()).toList();
  }

  /** Leaves out what only follows from another problem, where the other one is told. */
  static List<String> causes(List<String> problems) {
    List<String> causes =
        problems.stream().filter(problem -> !problem.contains(CONSEQUENCE)).toList();
    return causes.isEmpty() ? problems : causes;
  }

  private static ServiceReference<?>[] allReferences(BundleContext context) {
    try {
      ServiceReference<?>[] references = context.getAllServiceReferences(RUNTIME, null);
      return references == null ? new ServiceReference<?>[0] : references;
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Returns the problems of components.
   *
   * @param keys takes one sentence a key of a configuration that no component has, or whose value
   *     is of another type
   */
  private static List<String> components(Object runtime, Set<String> keys)
      throws ReflectiveOperationException {
    Class<?> type = runtime.getClass();
    for (Class<?> candidate : type.getInterfaces()) {
      if (candidate.getName().equals(RUNTIME)) {
        type = candidate;
      }
    }
    Object descriptions =
        type.getMethod("getComponentDescriptionDTOs", Bundle[].class)
            .invoke(runtime, (Object) new Bundle[0]);
    List<String> problems = new ArrayList<>();
    for (Object description : (Collection<?>) descriptions) {
      Object configurations =
          type.getMethod("getComponentConfigurationDTOs", description.getClass())
              .invoke(runtime, description);
      problems.addAll(component(description, (Collection<?>) configurations));
      for (Object configuration : (Collection<?>) configurations) {
        keys.addAll(unknownKeys(description, configuration));
        keys.addAll(wrongValues(description, configuration));
      }
    }
    return problems;
  }

  /** Returns one sentence a key of a configuration file that the component does not look at. */
  private static List<String> unknownKeys(Object description, Object configuration)
      throws ReflectiveOperationException {
    String where = where(description);
    // Each key has a default, which stands among the component's own properties.
    List<String> known = keys(description);
    if (where.isEmpty() || known.isEmpty()) {
      return List.of();
    }
    return keys(configuration).stream()
        .filter(key -> !known.contains(key))
        .map(
            key ->
                "%s has the key '%s', expected one of %s"
                    .formatted(where, key, String.join(", ", known)))
        .toList();
  }

  /**
   * Returns one sentence a value of a configuration file that is no truth value or no number where
   * the default is one: the component runtime takes every other word for false.
   */
  private static List<String> wrongValues(Object description, Object configuration)
      throws ReflectiveOperationException {
    Map<?, ?> defaults = (Map<?, ?>) field(description, "properties");
    Map<?, ?> values = (Map<?, ?>) field(configuration, "properties");
    List<String> wrong = new ArrayList<>();
    for (String key : keys(description)) {
      if (values.get(key) instanceof String text) {
        String expected = expected(defaults.get(key), text.strip());
        if (!expected.isEmpty()) {
          wrong.add("%s has %s=%s, expected %s".formatted(where(description), key, text, expected));
        }
      }
    }
    return wrong;
  }

  /** Returns what a text is not, though the default is; empty where it is like the default. */
  static String expected(@Nullable Object standard, String text) {
    if (standard instanceof Boolean && !text.matches("(?i)true|false")) {
      return "true or false";
    }
    return standard instanceof Integer && !text.matches("[+-]?\\d{1,9}") ? "a whole number" : "";
  }

  /** Returns the names of the properties, sorted, without those of the framework. */
  private static List<String> keys(Object dto) throws ReflectiveOperationException {
    return ((Map<?, ?>) field(dto, "properties"))
        .keySet().stream()
            .map(String::valueOf)
            .filter(key -> OF_THE_FRAMEWORK.stream().noneMatch(key::startsWith))
            .sorted()
            .toList();
  }

  private static List<String> component(Object description, Collection<?> configurations)
      throws ReflectiveOperationException {
    String name = String.valueOf(field(description, "name"));
    if (configurations.isEmpty()) {
      return field(description, "configurationPolicy").equals("require")
          ? List.of(
              "component %s has no configuration; expected conf/%s.cfg"
                  .formatted(name, ((String[]) field(description, "configurationPid"))[0]))
          : List.of();
    }
    List<String> problems = new ArrayList<>();
    for (Object configuration : configurations) {
      if (!WORKING.contains((Integer) field(configuration, "state"))) {
        problems.add("component %s %s".formatted(name, reason(description, configuration)));
      }
    }
    return problems;
  }

  private static String reason(Object description, Object configuration)
      throws ReflectiveOperationException {
    List<String> missing = new ArrayList<>();
    for (Object reference : (Object[]) field(configuration, "unsatisfiedReferences")) {
      missing.add(service(description, field(reference, "name")));
    }
    if (missing.isEmpty()) {
      String cause = rootCause(String.valueOf(field(configuration, "failure")));
      String where = where(description);
      return "does not start: " + cause + (cause.contains(where) ? "" : "; correct " + where);
    }
    return "waits for the services " + String.join(", ", missing);
  }

  /** Returns the message of the innermost exception of a stack trace. */
  static String rootCause(String stackTrace) {
    List<String> headlines =
        stackTrace.lines().filter(line -> !line.isBlank() && !line.startsWith("\t")).toList();
    return headlines.isEmpty()
        ? "no reason given"
        : headlines
            .get(headlines.size() - 1)
            .replaceFirst("^Caused by: ", "")
            .replaceFirst("^org\\.osgi\\.service\\.component\\.ComponentException: ", "")
            .replaceFirst("^java\\.lang\\.IllegalArgumentException: ", "")
            .replaceFirst("^java\\.lang\\.NumberFormatException: ", "a number cannot be read: ");
  }

  /** Returns the file of a component's configuration; empty where it has none of its own. */
  private static String where(Object description) throws ReflectiveOperationException {
    String pid = ((String[]) field(description, "configurationPid"))[0];
    return pid.equals(field(description, "name")) ? "" : "conf/%s.cfg".formatted(pid);
  }

  /** References of a constructor have numbers for names: the service says more. */
  private static String service(Object description, Object name)
      throws ReflectiveOperationException {
    for (Object reference : (Object[]) field(description, "references")) {
      if (field(reference, "name").equals(name)) {
        return String.valueOf(field(reference, "interfaceName"));
      }
    }
    return String.valueOf(name);
  }

  private static Object field(Object dto, String name) throws ReflectiveOperationException {
    Object value = dto.getClass().getField(name).get(dto);
    return value == null ? "" : value;
  }
}
