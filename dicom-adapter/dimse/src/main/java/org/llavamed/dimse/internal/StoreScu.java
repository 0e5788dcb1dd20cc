package org.llavamed.dimse.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.ImagingException;
import org.llavamed.network.Peer;
import org.llavamed.network.StoreOutcome;

/** Stores files at a peer (PS3.4 annex B), as service class user. */
final class StoreScu {
  private final Connector connector;
  private final Transcoder transcoder;

  StoreScu(Connector connector, Transcoder transcoder) {
    this.connector = connector;
    this.transcoder = transcoder;
  }

  /** What one association can carry: a syntax for each context. */
  private record Syntaxes(String sopClassUid, String transferSyntaxUid) {}

  void store(Peer peer, List<Path> files, Consumer<StoreOutcome> each) {
    List<Outgoing> batch = new ArrayList<>();
    Set<Syntaxes> contexts = new LinkedHashSet<>();
    for (Path file : files) {
      Outgoing next = Outgoing.read(file);
      Set<Syntaxes> more = new LinkedHashSet<>(contexts);
      more.addAll(syntaxes(next));
      if (more.size() > PresentationContext.MOST) {
        send(peer, batch, contexts, each);
        batch.clear();
        contexts = new LinkedHashSet<>(syntaxes(next));
      } else {
        contexts = more;
      }
      batch.add(next);
    }
    send(peer, batch, contexts, each);
  }

  /** One context for the syntax that a file has, one for each that it can be brought to. */
  private static List<Syntaxes> syntaxes(Outgoing file) {
    if (file.problem().isPresent()) {
      return List.of();
    }
    return List.of(
        new Syntaxes(file.sopClassUid(), file.transferSyntaxUid()),
        new Syntaxes(file.sopClassUid(), Uids.ExplicitVRLittleEndian),
        new Syntaxes(file.sopClassUid(), Uids.ImplicitVRLittleEndian));
  }

  /** A file that fails within its data set takes its association away; the rest gets another. */
  private void send(
      Peer peer, List<Outgoing> batch, Set<Syntaxes> syntaxes, Consumer<StoreOutcome> each) {
    if (syntaxes.isEmpty()) {
      batch.forEach(file -> each.accept(file.failed(-1, "", file.problem().orElse(""))));
      return;
    }
    List<PresentationContext> contexts = new ArrayList<>();
    for (Syntaxes one : syntaxes) {
      contexts.add(
          new PresentationContext(
              2 * contexts.size() + 1, 0, one.sopClassUid(), List.of(one.transferSyntaxUid())));
    }
    Deque<Outgoing> left = new ArrayDeque<>(batch);
    while (!left.isEmpty()) {
      try (Association association = connector.open(peer, Connector.Proposal.of(contexts))) {
        while (!left.isEmpty() && association.state() == State.STA6) {
          each.accept(send(association, left.remove()));
        }
        if (association.state() == State.STA6) {
          association.release();
        }
      }
    }
  }

  private StoreOutcome send(Association association, Outgoing file) {
    if (file.problem().isPresent()) {
      return file.failed(-1, "", file.problem().get());
    }
    Optional<Association.Context> same = context(association, file, file.transferSyntaxUid());
    if (same.isPresent()) {
      return send(association, file, same.get(), file.start()::copyTo);
    }
    Optional<Association.Context> other =
        context(association, file, Uids.ExplicitVRLittleEndian)
            .or(() -> context(association, file, Uids.ImplicitVRLittleEndian));
    if (other.isEmpty()) {
      return file.failed(-1, "", refused(association, file));
    }
    try {
      Transcoder.Content content = transcoder.transcode(file.file(), other.get().transferSyntax());
      return send(association, file, other.get(), content);
    } catch (ImagingException e) {
      return file.failed(
          -1,
          "",
          "%s does not take transfer syntax %s, and the object cannot be brought to another: %s"
              .formatted(association.peer(), name(file.transferSyntaxUid()), e.getMessage()));
    }
  }

  private static Optional<Association.Context> context(
      Association association, Outgoing file, String transferSyntaxUid) {
    return association.contexts().stream()
        .filter(context -> context.abstractSyntax().equals(file.sopClassUid()))
        .filter(context -> context.transferSyntax().equals(transferSyntaxUid))
        .findFirst();
  }

  private static String refused(Association association, Outgoing file) {
    return "%s does not accept %s. Send it to a peer that stores this SOP class."
        .formatted(association.peer(), name(file.sopClassUid()));
  }

  private static String name(String uid) {
    return Dictionary.uid(uid).map(known -> known.name() + " " + uid).orElse(uid);
  }

  private static StoreOutcome send(
      Association association,
      Outgoing file,
      Association.Context context,
      Transcoder.Content content) {
    DataSet command =
        Message.putUid(
            Message.request(
                    CommandField.C_STORE_RQ, association.nextMessageId(), file.sopClassUid(), true)
                .putInts(Tag.Priority, Vr.US, 0),
            Tag.AffectedSOPInstanceUID,
            file.sopInstanceUid());
    association.send(context.id(), command);
    try {
      OutputStream out = association.data(context.id());
      content.writeTo(out);
      out.close(); // the last part: never of an object that is not whole
    } catch (ClosedByInterruptException e) {
      throw association.interrupted(e);
    } catch (IOException | ImagingException e) {
      association.abort(Abort.USER);
      return file.failed(
          -1,
          context.transferSyntax(),
          "%s: it could not be read while it was sent (%s). Check the file, and send it again."
              .formatted(file.file(), e.getMessage()));
    }
    Message response = association.response(CommandField.C_STORE_RQ);
    String said = Status.describe(response.status()) + response.comment();
    String problem =
        response.status() == Status.SUCCESS
            ? ""
            : "%s answers %s to %s".formatted(association.peer(), said, file.file());
    return file.outcome(response.status(), context.transferSyntax(), problem);
  }
}
