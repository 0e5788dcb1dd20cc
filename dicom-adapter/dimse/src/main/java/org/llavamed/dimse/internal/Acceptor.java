package org.llavamed.dimse.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Uids;
import org.llavamed.network.NetworkException;
import org.llavamed.network.ReceiveSettings;

/** Decides on association requests of peers (PS3.8 section 9.2, AE-5 to AE-8). */
final class Acceptor {
  private static final int MOST_TEXT = 64;

  private final ReceiveSettings settings;
  private final boolean storage;

  /**
   * Makes an acceptor.
   *
   * @param storage whether objects are taken
   */
  Acceptor(ReceiveSettings settings, boolean storage) {
    this.settings = settings;
    this.storage = storage;
  }

  /**
   * Reads a request and answers it.
   *
   * @param full asked once a request has come: whether there are as many associations as may be
   * @throws NetworkException if the request is rejected or damaged; the peer has been told
   */
  Association accept(PduChannel channel, BooleanSupplier full) {
    ByteBuffer body = request(channel);
    Associate request = parse(channel, body.duplicate());
    Optional<Rejection> rejection =
        full.getAsBoolean() ? Optional.of(Rejection.LOCAL_LIMIT) : decide(request, body.getShort());
    if (rejection.isPresent()) {
      throw reject(channel, request, rejection.get());
    }
    Associate answer = answer(request);
    channel.write(PduType.A_ASSOCIATE_AC, AssociateWriter.write(answer, false));
    return new Association(channel, answer, request, settings.timeouts(), false);
  }

  private ByteBuffer request(PduChannel channel) {
    PduChannel.Header header =
        channel.header(settings.timeouts().association(), PduType.A_ASSOCIATE_RQ.text());
    PduType type = PduType.of(header.code()).orElse(null);
    if (type == PduType.A_ABORT) {
      channel.close();
      throw NetworkException.failed(channel.peer(), "it aborted at once", "Look into its log");
    }
    if (type == null) {
      throw abort(
          channel,
          Abort.UNRECOGNISED_PDU,
          "PDU type %02X came where A-ASSOCIATE-RQ was due".formatted(header.code()));
    }
    if (type != PduType.A_ASSOCIATE_RQ) {
      throw abort(
          channel, Abort.UNEXPECTED_PDU, type.text() + " came where A-ASSOCIATE-RQ was due");
    }
    if (header.length() > Connector.MOST_ASSOCIATE_BYTES) {
      throw abort(
          channel,
          Abort.INVALID_PARAMETER,
          "A-ASSOCIATE-RQ has %d bytes, %d are allowed"
              .formatted(header.length(), Connector.MOST_ASSOCIATE_BYTES));
    }
    return ByteBuffer.wrap(channel.take((int) header.length()));
  }

  private static Associate parse(PduChannel channel, ByteBuffer body) {
    try {
      return AssociateReader.read(body, true);
    } catch (PduException e) {
      throw abort(
          channel,
          Abort.INVALID_PARAMETER,
          "its A-ASSOCIATE-RQ is damaged (%s)".formatted(e.getMessage()));
    }
  }

  private Optional<Rejection> decide(Associate request, int version) {
    if ((version & 1) == 0) {
      return Optional.of(Rejection.PROTOCOL_VERSION);
    }
    if (!request.applicationContext().equals(Associate.APPLICATION_CONTEXT)) {
      return Optional.of(Rejection.APPLICATION_CONTEXT);
    }
    if (settings.aeTitle().filter(title -> !title.equals(request.calledAeTitle())).isPresent()) {
      return Optional.of(Rejection.CALLED_AE_TITLE);
    }
    var allowed = settings.access().callingAeTitles();
    return allowed.isEmpty() || allowed.contains(request.callingAeTitle())
        ? Optional.empty()
        : Optional.of(Rejection.CALLING_AE_TITLE);
  }

  private static NetworkException reject(
      PduChannel channel, Associate request, Rejection rejection) {
    channel.write(
        PduType.A_ASSOCIATE_RJ,
        new byte[] {
          0, (byte) rejection.result(), (byte) rejection.source(), (byte) rejection.reason()
        });
    return NetworkException.failed(
        channel.peer(),
        "an association of '%s' with '%s' was rejected (%s)"
            .formatted(
                cut(request.callingAeTitle()), cut(request.calledAeTitle()), rejection.text()),
        "Correct the peer's settings, or the ones here");
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(MOST_TEXT, text.length()));
  }

  private static NetworkException abort(PduChannel channel, Abort reason, String found) {
    channel.write(
        PduType.A_ABORT, new byte[] {0, 0, (byte) reason.source(), (byte) reason.reason()});
    return NetworkException.failed(channel.peer(), found, "Check who connects to this port");
  }

  private Associate answer(Associate request) {
    List<PresentationContext> contexts = new ArrayList<>();
    Map<String, Associate.Roles> roles = new HashMap<>();
    for (PresentationContext asked : request.contexts()) {
      Associate.Roles wanted = request.user().roles().get(asked.abstractSyntax());
      boolean supported = isSupported(asked.abstractSyntax(), wanted);
      contexts.add(answer(asked, supported));
      if (wanted != null) {
        roles.put(
            asked.abstractSyntax(),
            new Associate.Roles(
                wanted.user() && !isCommitment(asked.abstractSyntax()),
                wanted.provider() && isCommitment(asked.abstractSyntax())));
      }
    }
    Associate.User ours = Associate.User.ours(settings.limits().pduLength(), roles, Map.of());
    Associate.User user =
        new Associate.User(
            ours.maxLength(),
            ours.implementationClassUid(),
            ours.implementationVersionName(),
            request.user().asynchronous(),
            roles,
            Map.of());
    return new Associate(
        request.calledAeTitle(),
        request.callingAeTitle(),
        Associate.APPLICATION_CONTEXT,
        contexts,
        user);
  }

  private static PresentationContext answer(PresentationContext asked, boolean supported) {
    String first = asked.transferSyntaxes().get(0);
    if (!supported) {
      return new PresentationContext(
          asked.id(), PresentationContext.ABSTRACT_SYNTAX_NOT_SUPPORTED, "", List.of(first));
    }
    boolean stored = StorageClasses.isStorage(asked.abstractSyntax());
    return asked.transferSyntaxes().stream()
        .filter(syntax -> stored ? isTransferSyntax(syntax) : isPlain(syntax))
        .findFirst()
        .map(
            syntax ->
                new PresentationContext(
                    asked.id(), PresentationContext.ACCEPTANCE, "", List.of(syntax)))
        .orElseGet(
            () ->
                new PresentationContext(
                    asked.id(),
                    PresentationContext.TRANSFER_SYNTAXES_NOT_SUPPORTED,
                    "",
                    List.of(first)));
  }

  private boolean isSupported(String abstractSyntax, Associate.@Nullable Roles wanted) {
    if (isCommitment(abstractSyntax)) {
      return wanted != null && wanted.provider();
    }
    if (wanted != null && !wanted.user()) {
      return false; // of storage and verification we are the provider alone
    }
    return abstractSyntax.equals(Uids.Verification)
        || (storage && StorageClasses.isStorage(abstractSyntax));
  }

  private static boolean isCommitment(String abstractSyntax) {
    return abstractSyntax.equals(Uids.StorageCommitmentPushModel);
  }

  private static boolean isPlain(String transferSyntax) {
    return transferSyntax.equals(Uids.ImplicitVRLittleEndian)
        || transferSyntax.equals(Uids.ExplicitVRLittleEndian);
  }

  private static boolean isTransferSyntax(String uid) {
    return Dictionary.uid(uid).filter(known -> known.type().equals("Transfer Syntax")).isPresent();
  }
}
