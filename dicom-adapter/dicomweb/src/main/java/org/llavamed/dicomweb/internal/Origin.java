package org.llavamed.dicomweb.internal;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import org.llavamed.network.NetworkException;

/**
 * Where an address leads (RFC 6454): what credentials must not leave.
 *
 * @param scheme http or https
 * @param host in lower case
 * @param port the number, the usual one where the address has none
 */
record Origin(String scheme, String host, int port) {
  static Origin of(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    int usual = scheme.equals("https") ? 443 : 80;
    return new Origin(
        scheme,
        String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT),
        uri.getPort() < 0 ? usual : uri.getPort());
  }

  /** Returns whether it is http or https with a host. */
  boolean isWeb() {
    return (scheme.equals("http") || scheme.equals("https")) && !host.equals("null");
  }

  /**
   * Refuses to send a secret in the clear over a network.
   *
   * @throws NetworkException if this is http to another computer
   */
  void checkSafe() {
    boolean local = scheme.equals("http") && isThisComputer();
    if (!scheme.equals("https") && !local) {
      throw NetworkException.failed(
          this, "credentials would go over the network in the clear", "Use https");
    }
  }

  private boolean isThisComputer() {
    if (host.equals("localhost")) {
      return true;
    }
    boolean literal = host.startsWith("[") || host.matches("[0-9.]+");
    try {
      return literal && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return "%s://%s:%d".formatted(scheme, host, port);
  }

  /** Returns an address for messages: without user and query, which may name a patient. */
  static String shown(URI uri) {
    return of(uri).isWeb()
        ? uri.getScheme() + "://" + uri.getHost() + port(uri) + uri.getRawPath()
        : String.valueOf(uri.getRawPath());
  }

  /** Returns where a redirection leads for messages, as {@link #shown(URI)}. */
  static String shown(String location) {
    return location.replaceAll("[?#].*", "");
  }

  private static String port(URI uri) {
    return uri.getPort() < 0 ? "" : ":" + uri.getPort();
  }
}
