package org.llavamed.architecture;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.jar.Manifest;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The manifests of our bundles, as bnd wrote them. */
final class Manifests {
  private static final Pattern PACKAGE = Pattern.compile("(?<![\\w.\"])org\\.llavamed(?:\\.\\w+)+");

  /** Modules that run outside the framework. */
  private static final Set<String> PLAIN_JARS = Set.of("launcher", "torch");

  private Manifests() {}

  /** Returns the packages of ours that the bundle of a module imports from other bundles. */
  static List<String> importsOfOurs(String module) throws IOException {
    for (URL url :
        Collections.list(Manifests.class.getClassLoader().getResources("META-INF/MANIFEST.MF"))) {
      try (InputStream in = url.openStream()) {
        var attributes = new Manifest(in).getMainAttributes();
        if (("org.llavamed." + module).equals(attributes.getValue("Bundle-SymbolicName"))) {
          String imports = attributes.getValue("Import-Package");
          String exports = attributes.getValue("Export-Package");
          return packages(imports).stream()
              .filter(name -> !packages(exports).contains(name))
              .toList();
        }
      }
    }
    if (PLAIN_JARS.contains(module)) {
      return List.of();
    }
    throw new IOException("No bundle manifest of module " + module + " on the class path");
  }

  private static List<String> packages(@Nullable String header) {
    return header == null
        ? List.of()
        : PACKAGE.matcher(header).results().map(MatchResult::group).toList();
  }
}
