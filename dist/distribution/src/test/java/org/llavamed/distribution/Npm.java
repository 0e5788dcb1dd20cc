package org.llavamed.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.llavamed.distribution.Product.Outcome;

/**
 * A folder with packages of the npm registry and scripts that use them. A test that needs it is
 * skipped, visibly, where Node 18 or npm is missing or the registry is out of reach.
 *
 * @param sources package.json, package-lock.json and scripts
 * @param work where they are copied to and the packages are installed
 */
record Npm(Path sources, Path work) {
  private static final String LOCK = "package-lock.json";

  /** Codes of Node for a host that does not answer. */
  private static final Pattern UNREACHABLE =
      Pattern.compile(
          "\\b(ENOTFOUND|EAI_AGAIN|ECONN\\w+|E(NET|HOST)UNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\\b");

  /** Installs what package-lock.json names. */
  void install(String... scripts) throws IOException {
    assumeTrue(Product.isInstalled("node") && Product.isInstalled("npm"), "no node or npm");
    Files.createDirectories(work);
    String version = run("node", "--version").out().strip();
    boolean recent = Integer.parseInt(version.replaceAll("v(\\d+)\\..*", "$1")) >= 18;
    skipUnless(recent, "node is " + version + ", 18 or later is needed");
    boolean installed =
        Files.isRegularFile(work.resolve("node_modules/.package-lock.json"))
            && Files.mismatch(sources.resolve(LOCK), work.resolve(LOCK)) == -1;
    for (String name : List.of("package.json", LOCK)) {
      copy(name);
    }
    for (String name : scripts) {
      copy(name);
    }
    if (!installed) {
      // The scripts would fetch from other hosts what is not needed here.
      fetch("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=0");
    }
  }

  private void copy(String name) throws IOException {
    Files.copy(sources.resolve(name), work.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Unpacks a package without what it depends on, and returns its folder.
   *
   * @param integrity what the registry says of the archive, {@code sha512-} and Base64
   */
  Path unpack(String name, String integrity) throws IOException {
    Path folder = work.resolve("package");
    Path unpacked = work.resolve("package.integrity");
    if (!Files.exists(unpacked) || !Files.readString(unpacked).equals(integrity)) {
      String archive =
          fetch("npm", "pack", "--silent", "--ignore-scripts", "--fetch-retries=0", name)
              .out()
              .strip();
      assertThat(sha512(work.resolve(archive))).isEqualTo(integrity);
      assertThat(run("tar", "-xzf", archive).code()).isZero();
      Files.delete(work.resolve(archive));
      Files.writeString(unpacked, integrity);
    }
    return folder;
  }

  private static String sha512(Path file) throws IOException {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(file));
      return "sha512-" + Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private Outcome fetch(String... command) {
    Outcome outcome = run(command);
    boolean unreachable = outcome.code() != 0 && UNREACHABLE.matcher(outcome.err()).find();
    skipUnless(!unreachable, "the npm registry is out of reach: " + sources + " is not run");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    return outcome;
  }

  /** Skips the test where a condition does not hold, and says so on the console. */
  static void skipUnless(boolean condition, String message) {
    if (!condition) {
      System.out.println("SKIPPED: " + message);
    }
    assumeTrue(condition, message);
  }

  /** Runs a program in the folder and waits for its end. */
  Outcome run(String... command) {
    return Product.finish(
        Product.startProgram(
            work,
            List.of(command),
            Map.of("ONNXRUNTIME_NODE_INSTALL", "skip", "ORT_DISABLE_TELEMETRY", "1")));
  }
}
