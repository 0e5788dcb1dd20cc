package org.llavamed.dimse.internal;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.llavamed.network.NetworkException;

/** The presentation contexts of an association that both sides agreed on. */
final class Contexts {
  private final Object peer;
  private final Associate request;
  private final Associate answer;
  private final Map<Integer, Association.Context> agreed = new TreeMap<>();

  /**
   * Takes what was negotiated.
   *
   * @param peer what messages name
   */
  Contexts(Object peer, Associate request, Associate answer) {
    this.peer = peer;
    this.request = request;
    this.answer = answer;
    for (PresentationContext accepted : answer.contexts()) {
      agreed(accepted).ifPresent(context -> agreed.put(context.id(), context));
    }
  }

  private Optional<Association.Context> agreed(PresentationContext accepted) {
    if (accepted.result() != PresentationContext.ACCEPTANCE
        || accepted.transferSyntaxes().size() != 1) {
      return Optional.empty();
    }
    String syntax = accepted.transferSyntaxes().get(0);
    return request.contexts().stream()
        .filter(asked -> asked.id() == accepted.id() && asked.transferSyntaxes().contains(syntax))
        .map(asked -> new Association.Context(asked.id(), asked.abstractSyntax(), syntax))
        .findFirst();
  }

  /** Returns all, by their numbers. */
  Collection<Association.Context> all() {
    return List.copyOf(agreed.values());
  }

  Optional<Association.Context> get(int id) {
    return Optional.ofNullable(agreed.get(id));
  }

  /**
   * Returns the first context of a SOP class.
   *
   * @param name of the service, for people
   * @throws NetworkException if the peer has accepted none
   */
  Association.Context require(String abstractSyntax, String name) {
    return agreed.values().stream()
        .filter(context -> context.abstractSyntax().equals(abstractSyntax))
        .findFirst()
        .orElseThrow(
            () ->
                NetworkException.failed(
                    peer,
                    "it does not accept %s (%s, %s)"
                        .formatted(name, abstractSyntax, refusal(abstractSyntax)),
                    "Ask its administrator whether it offers the service"));
  }

  private String refusal(String abstractSyntax) {
    return request.contexts().stream()
        .filter(asked -> asked.abstractSyntax().equals(abstractSyntax))
        .flatMap(asked -> answer.contexts().stream().filter(given -> given.id() == asked.id()))
        .map(given -> PresentationContext.describe(given.result()))
        .findFirst()
        .orElse("no answer to it");
  }
}
