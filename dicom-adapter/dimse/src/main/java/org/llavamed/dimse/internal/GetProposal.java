package org.llavamed.dimse.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.llavamed.network.Query;

/**
 * What is proposed for C-GET: the information model, and storage classes of which the peer is to be
 * the user. In a context with several transfer syntaxes the peer chooses one for all objects of the
 * class, before it knows which it will send; only contexts of one syntax each let it send every
 * object as it holds it.
 */
final class GetProposal {
  /** Contexts for classes that the peer holds; others are for what it did not tell. */
  private static final int MOST_FOR_HELD = 96;

  private final List<PresentationContext> contexts = new ArrayList<>();
  private final Map<String, Associate.Roles> roles = new HashMap<>();

  private GetProposal(Query query) {
    contexts.add(QueryModel.GET.proposed(query));
  }

  /**
   * Returns a proposal.
   *
   * @param held SOP classes of what will come; empty where they are not known
   */
  static Connector.Proposal of(Query query, Set<String> held) {
    GetProposal proposal = new GetProposal(query);
    List<String> known = held.stream().filter(Uid::isValid).limit(MOST_FOR_HELD).toList();
    for (String sopClassUid : known) {
      for (List<String> group : groups(MOST_FOR_HELD / known.size())) {
        proposal.add(sopClassUid, group);
      }
    }
    StorageClasses.common(PresentationContext.MOST).stream()
        .filter(sopClassUid -> !proposal.roles.containsKey(sopClassUid))
        .limit(PresentationContext.MOST - proposal.contexts.size())
        .forEach(sopClassUid -> proposal.add(sopClassUid, StorageClasses.transferSyntaxes()));
    return new Connector.Proposal(
        proposal.contexts, proposal.roles, QueryModel.GET.extended(query));
  }

  private void add(String sopClassUid, List<String> transferSyntaxUids) {
    contexts.add(
        new PresentationContext(2 * contexts.size() + 1, 0, sopClassUid, transferSyntaxUids));
    roles.put(sopClassUid, new Associate.Roles(false, true));
  }

  /** Returns the usual transfer syntaxes each for itself, and what is too much in one group. */
  private static List<List<String>> groups(int most) {
    List<String> all = StorageClasses.transferSyntaxes();
    List<String> alone =
        Stream.concat(StorageClasses.usualTransferSyntaxes().stream(), all.stream())
            .distinct()
            .limit(most < all.size() ? most - 1 : most)
            .toList();
    List<String> rest = all.stream().filter(uid -> !alone.contains(uid)).toList();
    List<List<String>> groups = new ArrayList<>(alone.stream().map(List::of).toList());
    if (!rest.isEmpty()) {
      groups.add(rest);
    }
    return groups;
  }
}
