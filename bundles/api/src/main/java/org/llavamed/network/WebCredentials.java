package org.llavamed.network;

import java.net.URI;

/** How we show a web service who we are. No form of it shows a secret as text. */
public sealed interface WebCredentials {
  /**
   * Name and password (RFC 7617).
   *
   * @param user without a colon
   * @param password may be empty
   */
  record Basic(String user, String password) implements WebCredentials {
    public Basic {
      if (user.isEmpty() || user.indexOf(':') >= 0) {
        throw new IllegalArgumentException("the user name is empty or holds a colon");
      }
    }

    @Override
    public String toString() {
      return "user " + user;
    }
  }

  /**
   * A token that was given to us (RFC 6750).
   *
   * @param token without the word Bearer
   */
  record Bearer(String token) implements WebCredentials {
    public Bearer {
      if (!token.matches("[A-Za-z0-9._~+/-]+=*")) {
        throw new IllegalArgumentException(
            "the token is empty or holds characters that RFC 6750 does not allow");
      }
    }

    @Override
    public String toString() {
      return "a bearer token";
    }
  }

  /**
   * Tokens from a token endpoint, by the client credentials grant (RFC 6749 section 4.4); kept
   * until they expire, and fetched anew once when the service refuses one.
   *
   * @param endpoint https, or http on this computer
   * @param clientId our name there
   * @param secret our secret there
   * @param scope what to ask for; may be empty
   */
  record ClientCredentials(URI endpoint, String clientId, String secret, String scope)
      implements WebCredentials {
    public ClientCredentials {
      if (endpoint.getHost() == null || clientId.isEmpty() || secret.isEmpty()) {
        throw new IllegalArgumentException(
            "a token endpoint with a host, a client id and its secret are needed");
      }
    }

    @Override
    public String toString() {
      return "client %s of %s".formatted(clientId, endpoint.getHost());
    }
  }
}
