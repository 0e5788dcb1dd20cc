package org.llavamed.launcher;

import java.util.Map;
import java.util.function.ToIntFunction;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** Activator of a test bundle: a command line whose exit code is the number of its arguments. */
public final class EchoActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    ToIntFunction<String[]> commandLine = arguments -> arguments.length;
    context.registerService(
        ToIntFunction.class, commandLine, FrameworkUtil.asDictionary(Map.of("llavamed.cli", true)));
  }

  @Override
  public void stop(BundleContext context) {}
}
