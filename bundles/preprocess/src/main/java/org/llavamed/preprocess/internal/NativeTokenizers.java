package org.llavamed.preprocess.internal;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.File;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/**
 * Loads the native tokenizers once. They are extracted to the folder that the environment variable
 * or system property {@code DJL_CACHE_DIR} names (where they are found again at the next start),
 * else to this bundle's data folder, else, without a framework, to {@code .djl.ai} in the user's
 * home.
 */
public final class NativeTokenizers {
  private static final String CACHE = "DJL_CACHE_DIR";
  private static final Logger CHATTER = Logger.getLogger("ai.djl");
  private static @Nullable TokenizersLibrary library;

  private NativeTokenizers() {}

  /**
   * Returns the native functions.
   *
   * @throws IllegalStateException if this platform has none or they cannot be extracted
   */
  public static synchronized TokenizersLibrary library() {
    TokenizersLibrary loaded = library;
    if (loaded == null) {
      loaded = load();
      library = loaded;
    }
    return loaded;
  }

  private static TokenizersLibrary load() {
    // Neither a search for GPUs nor a download: the natives for the CPU are in this bundle.
    setIfAbsent("RUST_FLAVOR", "cpu");
    setIfAbsent("ai.djl.offline", "true");
    if (CHATTER.getLevel() == null) {
      CHATTER.setLevel(Level.WARNING);
    }
    if (System.getenv(CACHE) == null && System.getProperty(CACHE) == null) {
      File data = dataFolder();
      if (data != null) {
        System.setProperty(CACHE, data.getAbsolutePath());
      }
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try {
      // The library looks for its natives through the context class loader.
      thread.setContextClassLoader(NativeTokenizers.class.getClassLoader());
      LibUtils.checkStatus();
      return TokenizersLibrary.LIB;
    } catch (EngineException | LinkageError e) {
      throw new IllegalStateException(
          "The native tokenizers cannot be loaded on "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch")
              + ": "
              + rootMessage(e),
          e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static void setIfAbsent(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }

  private static @Nullable File dataFolder() {
    try {
      Bundle bundle = FrameworkUtil.getBundle(NativeTokenizers.class);
      return bundle == null ? null : bundle.getDataFile("tokenizers");
    } catch (NoClassDefFoundError e) {
      return null; // no framework on the class path: a plain program
    }
  }

  private static String rootMessage(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }
}
