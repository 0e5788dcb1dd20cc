package org.llavamed.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Writes small bundles into the folder {@code bundles} of a home. */
final class TestBundles {
  private TestBundles() {}

  /** Writes a bundle whose command line returns the number of its arguments. */
  static void writeEcho(Path home) throws IOException {
    write(
        home,
        "echo",
        Map.of(
            "Bundle-Activator",
            EchoActivator.class.getName(),
            "Import-Package",
            "org.osgi.framework"),
        EchoActivator.class);
  }

  /** Writes a bundle with further manifest headers and the classes given. */
  static void write(Path home, String name, Map<String, String> headers, Class<?>... classes)
      throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Bundle-ManifestVersion", "2");
    attributes.putValue("Bundle-SymbolicName", name);
    headers.forEach(attributes::putValue);
    Path bundles = Files.createDirectories(home.resolve("bundles"));
    Files.createDirectories(home.resolve("conf"));
    try (JarOutputStream jar =
        new JarOutputStream(Files.newOutputStream(bundles.resolve(name + ".jar")), manifest)) {
      for (Class<?> type : classes) {
        String entry = type.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new JarEntry(entry));
        try (InputStream in = type.getClassLoader().getResourceAsStream(entry)) {
          if (in == null) {
            throw new IOException(entry + " is not on the class path");
          }
          in.transferTo(jar);
        }
      }
    }
  }
}
