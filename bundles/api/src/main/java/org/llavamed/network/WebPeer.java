package org.llavamed.network;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * A DICOMweb service, and how we speak to it.
 *
 * @param base the address before {@code /studies}, http or https, without a slash at its end
 * @param credentials who we are; empty for nobody
 * @param tls our keys and whom we trust; empty for the authorities of the Java runtime
 * @param limits how long to wait and how much to take
 */
public record WebPeer(
    URI base, Optional<WebCredentials> credentials, Optional<TlsFiles> tls, WebLimits limits) {
  public WebPeer {
    String scheme = String.valueOf(base.getScheme()).toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https")) || base.getHost() == null) {
      throw new IllegalArgumentException(
          "the address is no http or https address with a host, as https://pacs.example/dicom-web");
    }
    if (base.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "the address holds a user name; give user and password as credentials");
    }
    if (base.getRawQuery() != null || base.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "the address %s holds '?' or '#'; give what comes before /studies".formatted(base));
    }
    base = URI.create(base.toString().replaceAll("/+$", ""));
  }

  /** Returns a peer that wants no credentials, with the usual limits. */
  public static WebPeer of(URI base) {
    return new WebPeer(base, Optional.empty(), Optional.empty(), WebLimits.DEFAULT);
  }

  /** Returns the address. */
  @Override
  public String toString() {
    return base.toString();
  }
}
