package org.llavamed.launcher;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.util.tracker.ServiceTracker;

/**
 * A running framework with the bundles of one distribution. Bundles are read where they lie; the
 * framework's own files go to a folder of this process.
 */
final class Host implements AutoCloseable {
  private static final String COMMAND_LINE =
      "(&(objectClass=java.util.function.ToIntFunction)(llavamed.cli=true))";

  /**
   * Started before all others, in this order: then every configuration is read (FileInstall scans
   * its folder within its start) before the first component asks for its own.
   */
  private static final List<String> FIRST =
      List.of(
          "org.apache.felix.configadmin", "org.apache.felix.fileinstall", "org.apache.felix.scr");

  private final Framework framework;
  private final Map<Bundle, BundleException> refused = new LinkedHashMap<>();

  private Host(Framework framework) {
    this.framework = framework;
  }

  /**
   * Starts the framework and every bundle. A bundle that refuses to start is kept for {@link
   * #refused}.
   *
   * @throws LaunchException if there is no framework or it does not start
   */
  static Host start(Home home, Path storage) {
    FrameworkFactory factory =
        ServiceLoader.load(FrameworkFactory.class)
            .findFirst()
            .orElseThrow(
                () ->
                    new LaunchException(
                        "No OSGi framework on the class path; expected org.apache.felix.framework in the folder lib."));
    try {
      Host host = new Host(factory.newFramework(settings(home, storage)));
      host.startBundles(home.bundles());
      return host;
    } catch (BundleException e) {
      throw new LaunchException("The framework does not start: " + e.getMessage());
    }
  }

  private static Map<String, String> settings(Home home, Path storage) {
    Map<String, String> settings = new HashMap<>();
    settings.put(Constants.FRAMEWORK_STORAGE, storage.resolve("framework").toString());
    settings.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
    settings.put("felix.log.level", "1");
    settings.put("felix.cache.locking", "false");
    settings.put("felix.fileinstall.dir", home.conf().toString());
    settings.put("felix.fileinstall.tmpdir", storage.resolve("fileinstall").toString());
    settings.put("felix.fileinstall.filter", ".*\\.cfg");
    settings.put("felix.fileinstall.noInitialDelay", "true");
    settings.put("felix.fileinstall.poll", "2000");
    settings.put("felix.fileinstall.enableConfigSave", "false");
    settings.put("felix.fileinstall.log.level", "1");
    // StartReport says in one sentence what the component runtime would log as a stack trace.
    settings.put("ds.loglevel", System.getProperty("ds.loglevel", "0"));
    settings.put(Home.PROPERTY, home.folder().toString());
    return settings;
  }

  private void startBundles(List<Path> jars) throws BundleException {
    framework.start();
    BundleContext context = framework.getBundleContext();
    List<Bundle> bundles = new ArrayList<>();
    for (Path jar : jars) {
      bundles.add(context.installBundle("reference:" + jar.toUri()));
    }
    bundles.sort(Comparator.comparingInt(Host::rank));
    for (Bundle bundle : bundles) {
      if (!isFragment(bundle)) {
        start(bundle);
      }
    }
  }

  private static int rank(Bundle bundle) {
    int rank = FIRST.indexOf(bundle.getSymbolicName());
    return rank < 0 ? FIRST.size() : rank;
  }

  private static boolean isFragment(Bundle bundle) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    return revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
  }

  private void start(Bundle bundle) {
    try {
      bundle.start(Bundle.START_ACTIVATION_POLICY);
    } catch (BundleException e) {
      refused.put(bundle, e);
    }
  }

  /** Returns the bundles, the framework's own first. */
  List<Bundle> bundles() {
    return List.of(framework.getBundleContext().getBundles());
  }

  /** Returns the bundles that did not start, with the framework's reason. */
  Map<Bundle, BundleException> refused() {
    return refused;
  }

  /** Returns the framework's context. */
  BundleContext context() {
    return framework.getBundleContext();
  }

  /**
   * Waits for the command service.
   *
   * @return the service; null where it does not come in time
   */
  @SuppressWarnings("unchecked") // the service's filter holds the class; its argument is a contract
  @Nullable ToIntFunction<String[]> commandLine(Duration timeout) throws InterruptedException {
    try {
      BundleContext context = framework.getBundleContext();
      ServiceTracker<Object, Object> tracker =
          new ServiceTracker<>(context, context.createFilter(COMMAND_LINE), null);
      tracker.open();
      return (ToIntFunction<String[]>) tracker.waitForService(timeout.toMillis());
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stops the bundles and the framework, and removes the framework's files. */
  @Override
  public void close() {
    try {
      framework.stop();
      framework.waitForStop(30_000);
    } catch (BundleException e) {
      System.err.println("llavamed: the framework does not stop: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
