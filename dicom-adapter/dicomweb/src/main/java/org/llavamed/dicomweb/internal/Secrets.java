package org.llavamed.dicomweb.internal;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.llavamed.network.WebCredentials;
import org.llavamed.network.WebCredentials.Basic;
import org.llavamed.network.WebCredentials.Bearer;
import org.llavamed.network.WebCredentials.ClientCredentials;

/** The credentials of one peer as headers, and the words that no message may hold. */
final class Secrets {
  private final Optional<WebCredentials> credentials;
  private final Tokens tokens;
  private final Set<String> words = new LinkedHashSet<>();

  Secrets(Optional<WebCredentials> credentials, Tokens tokens) {
    this.credentials = credentials;
    this.tokens = tokens;
    credentials.ifPresent(
        each -> {
          if (each instanceof Basic basic) {
            words.add(basic.password());
          } else if (each instanceof Bearer bearer) {
            words.add(bearer.token());
          } else if (each instanceof ClientCredentials client) {
            words.add(client.secret());
            words.add(encoded(client.secret()));
            words.add(after(basic(client)));
          }
        });
  }

  boolean arePresent() {
    return credentials.isPresent();
  }

  /** Returns what the token endpoint gets (RFC 6749 section 2.3.1). */
  static String basic(ClientCredentials client) {
    return basic(encoded(client.clientId()), encoded(client.secret()));
  }

  /** Returns a text as a form has it. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String after(String header) {
    return header.substring(header.indexOf(' ') + 1);
  }

  private static String basic(String user, String password) {
    byte[] bytes = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  /** Returns the value of the header Authorization; a token is fetched where none is kept. */
  Optional<String> authorization(Tokens.Sender sender) throws IOException {
    WebCredentials each = credentials.orElse(null);
    if (each == null) {
      return Optional.empty();
    }
    String value;
    if (each instanceof Basic basic) {
      value = basic(basic.user(), basic.password());
    } else if (each instanceof Bearer bearer) {
      value = "Bearer " + bearer.token();
    } else {
      value = "Bearer " + tokens.of((ClientCredentials) each, sender);
    }
    words.add(after(value));
    return Optional.of(value);
  }

  /** Forgets a refused token; returns whether another can be had. */
  boolean renew() {
    if (credentials.orElse(null) instanceof ClientCredentials client) {
      tokens.forget(client);
      return true;
    }
    return false;
  }

  /** Returns a text without the secrets. */
  String hide(String text) {
    String hidden = text;
    for (String word : words) {
      hidden = word.isEmpty() ? hidden : hidden.replace(word, "***");
    }
    return hidden;
  }
}
